"""The vendor's SDK, imported so that it neither writes to the home directory nor leaves this machine."""

import os
import tempfile

# The import keeps an application id below HOME; clients would honour a proxy.
_home = os.environ.get("HOME", "")
os.environ["HOME"] = tempfile.mkdtemp(prefix="huaweicloud-")
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

from huaweicloudsdkcore.auth.credentials import BasicCredentials  # noqa: E402
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException  # noqa: E402
from huaweicloudsdkcore.http.formdata import FormFile  # noqa: E402
from huaweicloudsdkcore.http.http_config import HttpConfig  # noqa: E402
from huaweicloudsdkcore.sdk_request import SdkRequest  # noqa: E402
from huaweicloudsdkcore.signer.signer import Signer  # noqa: E402
from huaweicloudsdksecmaster import v1  # noqa: E402
from huaweicloudsdksecmaster.v1.region.secmaster_region import SecMasterRegion  # noqa: E402

os.environ["HOME"] = _home

__all__ = [
    "BasicCredentials",
    "ClientRequestException",
    "FormFile",
    "HttpConfig",
    "SdkRequest",
    "SecMasterRegion",
    "Signer",
    "v1",
]
