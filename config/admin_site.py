"""The staff's site: Crossdock's name, and no action that nobody thought about."""

from unfold.sites import UnfoldAdminSite


class CrossdockAdminSite(UnfoldAdminSite):
    site_header = "Crossdock"
    site_title = "Crossdock"
    index_title = "Today"
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin"):
        super().__init__(name)
        # A thousand orders are not deleted by a drop-down.
        self.disable_action("delete_selected")
