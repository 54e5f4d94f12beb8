"""
How a platform call can fail; whether to try again, and whether it may have happened:

PlatformError
├── Unavailable      retryable: time-out, cut connection, 5xx; ambiguous when it was a write
├── RateLimited      retryable: 429, certainly not executed
├── Busy             retryable: the platform is still working on it
├── OutOfBudget      retryable: we held the call back ourselves
├── Paused           retryable: a person or the circuit breaker stopped the platform
├── Refused          permanent: the platform understood and said no
│   ├── NotFound     permanent: the platform has no such record
│   └── PaymentNeeded  permanent: until someone adds funds or changes the plan
├── AllowanceSpent   permanent: the plan's calls are used up until its period ends
├── BadCredentials   permanent: until someone fixes the key or its permissions
├── Unsendable       permanent: we cannot express it in the platform's form; nothing was sent
├── SeveralMatches   permanent: one reference, several live orders there
└── Unintelligible   permanent: an answer we cannot read; ambiguous when it was a write
    ├── Garbled      retryable: not JSON, cut short, or damaged; ambiguous when it was a write
    └── Redirected   permanent: the answer points elsewhere, and we do not follow
"""

AMBIGUOUS = "It may have happened there: look it up before sending anything again."


class PlatformError(Exception):
    """A call failed. `str()` is a sentence for staff; `words` are the platform's own.

    `is_ambiguous`: the platform may have carried out a write although we got no proof.
    `retry_after`: seconds the platform (or our budget) asks us to wait, None when unsaid.
    """

    code = "platform_error"
    is_retryable = False
    fact = "{platform} failed{reason}."
    advice = ""

    def __init__(
        self,
        words: str = "",
        *,
        status: int | None = None,
        is_ambiguous: bool = False,
        retry_after: float | None = None,
    ):
        super().__init__(words)
        self.words = words
        self.status = status
        self.is_ambiguous = is_ambiguous
        self.retry_after = retry_after
        self.platform = "The platform"

    def __str__(self) -> str:
        return " ".join(part for part in (self.said, self.next_step) if part)

    @property
    def said(self) -> str:
        """What failed and why, without what to do next."""
        reason = f": {self.words.rstrip('.')}" if self.words else self._code_only()
        return self.fact.format(platform=self.platform, reason=reason)

    @property
    def next_step(self) -> str:
        """What happens or what to do next, in one sentence."""
        return AMBIGUOUS if self.is_ambiguous else self.advice

    def _code_only(self) -> str:
        return f" (HTTP {self.status}, no reason given)" if self.status else ""


class Retryable(PlatformError):
    """Worth another try, not before `retry_after`."""

    is_retryable = True

    @property
    def next_step(self) -> str:
        if self.is_ambiguous:
            return AMBIGUOUS
        if self.retry_after is None:
            return "It is tried again."
        return f"It is tried again in {max(1, round(self.retry_after))} s."


class Unavailable(Retryable):
    """No usable answer: time-out, refused or cut connection, 5xx."""

    code = "unavailable"
    fact = "{platform} cannot be reached or is failing{reason}."


class RateLimited(Retryable):
    """429: the call was not carried out."""

    code = "rate_limited"
    fact = "{platform} asks us to slow down{reason}."


class Busy(Retryable):
    """The platform has not finished an earlier step."""

    code = "busy"
    fact = "{platform} is still working{reason}."


class OutOfBudget(Retryable):
    """Our own pace keeper held the call back; nothing was sent."""

    code = "out_of_budget"
    fact = "Calls to {platform} are used up for the moment{reason}."


class Paused(Retryable):
    """Calls to the platform are switched off by a person or by the circuit breaker."""

    code = "paused"
    fact = "Calls to {platform} are paused{reason}."


class Refused(PlatformError):
    """The platform understood and said no; `words` say why."""

    code = "refused"
    fact = "{platform} refused{reason}."
    advice = "Correct it and send it again."


class NotFound(Refused):
    """404: no such order, product, warehouse or service there."""

    code = "not_found"
    fact = "{platform} does not know this record{reason}."
    advice = "Check the mapping, or whether it was deleted there."


class PaymentNeeded(Refused):
    """402: no credit left, or the plan does not include it."""

    code = "payment_needed"
    fact = "{platform} wants payment first{reason}."
    advice = "Add funds or change the plan there, then send it again."


class AllowanceSpent(PlatformError):
    """The plan's allowance of calls is used up; trying again soon is useless."""

    code = "allowance_spent"
    fact = "{platform} says the plan's allowance is used up{reason}."
    advice = "Wait for the next period or change the plan there."


class BadCredentials(PlatformError):
    """401 or 403: the key is wrong, of another environment, or lacks a permission."""

    code = "bad_credentials"
    fact = "{platform} does not accept our key or what it may do{reason}."
    advice = "Check the key in the settings and its permissions there."


class Unsendable(PlatformError):
    """The order cannot be expressed in the platform's form; nothing was sent."""

    code = "unsendable"
    fact = "This cannot be sent to {platform}{reason}."
    advice = "Correct it and send it again."


class SeveralMatches(PlatformError):
    """More than one live order carries our reference; a person must choose."""

    code = "several_matches"
    fact = "{platform} holds several orders for one reference{reason}."
    advice = "Cancel the extra one there by hand, then try again."


class Unintelligible(PlatformError):
    """An answer this adapter cannot read; `words` name what is missing."""

    code = "unintelligible"
    fact = "{platform} answered something we cannot read{reason}."
    advice = "Look at the request log; the platform may have changed."


class Garbled(Retryable, Unintelligible):
    """An error page, half of an answer, or damaged bytes; the next one may be whole."""

    code = "garbled"


class Redirected(Unintelligible):
    """3xx: following it could hand our key to another host."""

    code = "redirected"
    fact = "{platform} sent us elsewhere{reason}."
    advice = "Check the platform's base URL in the settings."


def concerns_everybody(error: PlatformError) -> bool:
    """One unreadable or refused record must not stop the others; an outage stops them all."""
    if isinstance(error, Garbled):
        return False
    return isinstance(error, (Retryable, BadCredentials, AllowanceSpent))
