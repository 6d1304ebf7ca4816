"""The vendor's SDK, imported so that it neither writes to the home directory nor leaves this machine."""

import os
import tempfile

# The import keeps an application id below HOME; clients would honour a proxy.
_home = os.environ.get("HOME", "")
os.environ["HOME"] = tempfile.mkdtemp(prefix="huaweicloud-")
os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1,localhost"

from huaweicloudsdkcore.auth.credentials import BasicCredentials
from huaweicloudsdkcore.exceptions.exceptions import ClientRequestException
from huaweicloudsdkcore.http.formdata import FormFile
from huaweicloudsdkcore.http.http_config import HttpConfig
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from huaweicloudsdksecmaster import v1
from huaweicloudsdksecmaster.v1.region.secmaster_region import SecMasterRegion

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
