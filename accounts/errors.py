"""What can go wrong with credentials; core.api.errors builds on it for the dialects."""


class CredentialError(Exception):
    """A credential is not accepted."""


class LoginFailed(CredentialError):
    """Unknown user, wrong password, or inactive."""


class LoginLocked(CredentialError):
    """Too many wrong tries."""


class PasswordUsedBefore(CredentialError):
    """The password equals the present or an earlier one."""
