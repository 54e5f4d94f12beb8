"""Visit the site as a proxy would: is it ready, does a page come with its style sheets?"""

import http.client
import re
import sys


def visit(address: str, host: str, path: str) -> str:
    """The body of a page that must answer 200; `address` is host:port."""
    connection = http.client.HTTPConnection(address, timeout=20)
    connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
    response = connection.getresponse()
    body = response.read().decode()
    connection.close()
    if response.status != http.HTTPStatus.OK:
        sys.exit(f"{path} answers {response.status}: {body[:300]}")
    return body


def main(address: str, host: str) -> None:
    ready = visit(address, host, "/readyz")
    login = visit(address, host, "/admin/login/")
    sheets = re.findall(r'href="(/static/[^"]+\.[0-9a-f]{12}\.css)"', login)
    if not sheets:
        sys.exit("The login page names no collected style sheet.")
    for sheet in sheets:
        visit(address, host, sheet)
    sys.stdout.write(f"    /readyz {ready}; login page with {len(sheets)} style sheets\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
