import datetime

from fleetwell import (
    ApiClient,
    Configuration,
    DevicePatch,
    DevicesApi,
    FirmwareApi,
    FirmwareRelease,
    KeysApi,
    LogsApi,
    NewDeviceKey,
    OwnershipApi,
    Power,
    Problem,
    ReleaseNote,
)
from fleetwell.exceptions import ConflictException
from tasks import BASE, DEVICE, KEY_X, KEY_Y, NAME, OTHER_DEVICES, expect, task, token, zip_file


def caller(query: str) -> ApiClient:
    return ApiClient(Configuration(host=BASE, access_token=token(query)))


user = caller(f"user={NAME}")
other = caller(f"user={NAME}-other")
operator = caller("operator=olga")
devices = DevicesApi(user)

with task("register"):
    power = Power(bootcount=1, runtime=5)
    patch = DevicePatch(devicetype=NAME, region="dk", devicename="Kitchen", power=power)
    registered = devices.register_device(DEVICE, patch)
    expect((registered.deviceid, registered.devicename), (DEVICE, "Kitchen"))

with task("change"):
    # from_dict sets every field of a model: one that could be null would be sent as null, and so removed.
    change = DevicePatch.from_dict({"power": {"bootcount": 6}})
    assert change is not None
    devices.register_device(DEVICE, change)
    now = devices.get_device(DEVICE)
    assert now.power is not None
    expect(
        (now.devicetype, now.region, now.devicename, now.power.bootcount, now.power.runtime),
        (NAME, "dk", "Kitchen", 6, 5),
    )

with task("claim"):
    expect(OwnershipApi(user).claim_device(DEVICE).deviceid, DEVICE)

with task("conflict"):
    try:
        OwnershipApi(other).claim_device(DEVICE)
        raise AssertionError("no conflict")
    except ConflictException as conflict:
        problem = conflict.data
    assert isinstance(problem, Problem), problem
    expect((problem.status, problem.type, problem.yours), (409, "urn:fleetwell:problem:already-owned", False))

with task("pages"):
    for deviceid in OTHER_DEVICES:
        devices.register_device(deviceid, DevicePatch())
    ids: list[str] = []
    pages = 0
    cursor = None
    while pages == 0 or cursor:
        page = devices.list_devices(limit=1, cursor=cursor)
        ids += [device.deviceid for device in page.devices]
        cursor = page.next
        pages += 1
    expect(ids, [DEVICE, *OTHER_DEVICES])
    assert pages >= 3

with task("upload"):
    receipt = LogsApi(user).upload_log(DEVICE, "crash", ("log.zip", zip_file()))
    expect((receipt.deviceid, receipt.size, receipt.by), (DEVICE, len(zip_file()), "owner"))

with task("key"):
    keys = KeysApi(operator)
    keys.put_device_key(DEVICE, "factory", NewDeviceKey(kty="EC", crv="P-256", x=KEY_X, y=KEY_Y))
    key = keys.list_device_keys(DEVICE).keys[0]
    expect((key.kid, key.kty, key.crv, key.x, key.y), ("factory", "EC", "P-256", KEY_X, KEY_Y))
    assert isinstance(key.created, datetime.datetime)

published = None
with task("publish"):
    firmware = FirmwareApi(operator).publish_firmware(
        FirmwareRelease(
            devicetype=NAME,
            region="*",
            version="124",
            downloadurl="https://downloads.example/124.bin",
            releasenotes=[ReleaseNote(lang="en", body="Faster.")],
        )
    )
    expect(firmware.version, "124")
    published = firmware.id

with task("check"):
    update = FirmwareApi(user).check_firmware(deviceid=DEVICE)
    assert update.releasenotes
    expect((update.id, update.releasenotes[0].body), (published, "Faster."))

with task("list"):
    listed = FirmwareApi(operator).list_firmware(devicetype=NAME)
    expect([(f.id, f.mandatory) for f in listed.firmware], [(published, False)])
