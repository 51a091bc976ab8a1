import datetime
import io

from fleetwell import AuthenticatedClient
from fleetwell.api.devices import get_device, list_devices, register_device
from fleetwell.api.firmware import check_firmware, list_firmware, publish_firmware
from fleetwell.api.keys import list_device_keys, put_device_key
from fleetwell.api.logs import upload_log
from fleetwell.api.ownership import claim_device
from fleetwell.models import (
    Device,
    DeviceKeySet,
    DevicePage,
    DevicePatch,
    Firmware,
    FirmwarePage,
    FirmwareRelease,
    LogReceipt,
    LogUpload,
    NewDeviceKey,
    NewDeviceKeyCrv,
    NewDeviceKeyKty,
    Power,
    Problem,
    PublishedFirmware,
    ReleaseNote,
)
from fleetwell.types import UNSET, File, Unset
from tasks import BASE, DEVICE, KEY_X, KEY_Y, NAME, OTHER_DEVICES, expect, task, token, zip_file


def caller(query: str) -> AuthenticatedClient:
    return AuthenticatedClient(base_url=BASE, token=token(query))


user = caller(f"user={NAME}")
other = caller(f"user={NAME}-other")
operator = caller("operator=olga")

with task("register"):
    power = Power(bootcount=1, runtime=5)
    patch = DevicePatch(devicetype=NAME, region="dk", devicename="Kitchen", power=power)
    registered = register_device.sync(DEVICE, client=user, body=patch)
    assert isinstance(registered, Device), registered
    expect((registered.deviceid, registered.devicename), (DEVICE, "Kitchen"))

with task("change"):
    register_device.sync(DEVICE, client=user, body=DevicePatch(power=Power(bootcount=6)))
    now = get_device.sync(DEVICE, client=user)
    assert isinstance(now, Device) and isinstance(now.power, Power), now
    expect(
        (now.devicetype, now.region, now.devicename, now.power.bootcount, now.power.runtime),
        (NAME, "dk", "Kitchen", 6, 5),
    )

with task("claim"):
    claimed = claim_device.sync(DEVICE, client=user)
    assert isinstance(claimed, Device), claimed
    expect(claimed.deviceid, DEVICE)

with task("conflict"):
    problem = claim_device.sync(DEVICE, client=other)
    assert isinstance(problem, Problem), problem
    expect((problem.status, problem.type_, problem.yours), (409, "urn:fleetwell:problem:already-owned", False))

with task("pages"):
    for deviceid in OTHER_DEVICES:
        register_device.sync(deviceid, client=user, body=DevicePatch())
    ids: list[str] = []
    pages = 0
    cursor: str | Unset = UNSET
    while pages == 0 or cursor:
        page = list_devices.sync(client=user, limit=1, cursor=cursor)
        assert isinstance(page, DevicePage), page
        ids += [device.deviceid for device in page.devices]
        cursor = page.next_
        pages += 1
    expect(ids, [DEVICE, *OTHER_DEVICES])
    assert pages >= 3

with task("upload"):
    file = File(io.BytesIO(zip_file()), "log.zip", "application/zip")
    receipt = upload_log.sync(DEVICE, "crash", client=user, body=LogUpload(file))
    assert isinstance(receipt, LogReceipt), receipt
    expect((receipt.deviceid, receipt.size, receipt.by), (DEVICE, len(zip_file()), "owner"))

with task("key"):
    new_key = NewDeviceKey(kty=NewDeviceKeyKty.EC, crv=NewDeviceKeyCrv.P_256, x=KEY_X, y=KEY_Y)
    put_device_key.sync(DEVICE, "factory", client=operator, body=new_key)
    keys = list_device_keys.sync(DEVICE, client=operator)
    assert isinstance(keys, DeviceKeySet), keys
    key = keys.keys[0]
    expect((key.kid, key.kty, key.crv, key.x, key.y), ("factory", "EC", "P-256", KEY_X, KEY_Y))
    assert isinstance(key.created, datetime.datetime)

published = None
with task("publish"):
    release = FirmwareRelease(
        devicetype=NAME,
        region="*",
        version="124",
        downloadurl="https://downloads.example/124.bin",
        releasenotes=[ReleaseNote(lang="en", body="Faster.")],
    )
    firmware = publish_firmware.sync(client=operator, body=release)
    assert isinstance(firmware, PublishedFirmware), firmware
    expect(firmware.version, "124")
    published = firmware.id

with task("check"):
    update = check_firmware.sync(client=user, deviceid=DEVICE)
    assert isinstance(update, Firmware) and update.releasenotes, update
    expect((update.id, update.releasenotes[0].body), (published, "Faster."))

with task("list"):
    listed = list_firmware.sync(client=operator, devicetype=NAME)
    assert isinstance(listed, FirmwarePage), listed
    expect([(f.id, f.mandatory) for f in listed.firmware], [(published, False)])
