import java.io.File
import java.net.URI
import okhttp3.OkHttpClient
import org.openapitools.client.apis.DevicesApi
import org.openapitools.client.apis.FirmwareApi
import org.openapitools.client.apis.KeysApi
import org.openapitools.client.apis.LogsApi
import org.openapitools.client.apis.OwnershipApi
import org.openapitools.client.infrastructure.ClientError
import org.openapitools.client.infrastructure.ClientException
import org.openapitools.client.infrastructure.Serializer
import org.openapitools.client.models.DevicePatch
import org.openapitools.client.models.FirmwareRelease
import org.openapitools.client.models.NewDeviceKey
import org.openapitools.client.models.Power
import org.openapitools.client.models.Problem
import org.openapitools.client.models.ReleaseNote

const val X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
const val Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"

/** The tasks with OpenAPI Generator's client in Kotlin. run.py says what they do and print. */
fun main(args: Array<String>) {
    val (base, name, zip) = args
    val device = "$name-1"
    val user = caller(base, "user=$name")
    val other = caller(base, "user=$name-other")
    val operator = caller(base, "operator=olga")
    val devices = DevicesApi(base, user)

    task("register") {
        val power = Power(bootcount = 1, runtime = 5)
        val patch = DevicePatch(devicetype = name, region = "dk", devicename = "Kitchen", power = power)
        val registered = devices.registerDevice(device, patch)
        expect(listOf(registered.deviceid, registered.devicename), listOf(device, "Kitchen"))
    }
    task("change") {
        devices.registerDevice(device, DevicePatch(power = Power(bootcount = 6)))
        val now = devices.getDevice(device)
        expect(
            listOf(now.devicetype, now.region, now.devicename, now.power?.bootcount, now.power?.runtime),
            listOf(name, "dk", "Kitchen", 6, 5),
        )
    }
    task("claim") { expect(OwnershipApi(base, user).claimDevice(device).deviceid, device) }
    task("conflict") {
        val conflict = runCatching { OwnershipApi(base, other).claimDevice(device) }.exceptionOrNull()
        val body = ((conflict as ClientException).response as ClientError<*>).body as String
        val problem = Serializer.moshi.adapter(Problem::class.java).fromJson(body)
        expect(
            listOf(conflict.statusCode, problem?.type, problem?.yours),
            listOf(409, "urn:fleetwell:problem:already-owned", false),
        )
    }
    task("pages") {
        val others = listOf("$name-2", "$name-3")
        others.forEach { devices.registerDevice(it, DevicePatch()) }
        val ids = mutableListOf<String>()
        var pages = 0
        var cursor: String? = null
        do {
            val page = devices.listDevices(1, cursor)
            ids += page.devices.map { it.deviceid }
            cursor = page.next
            pages++
        } while (cursor != null)
        expect(ids, listOf(device) + others)
        expect(pages >= 3, true)
    }
    task("upload") {
        val receipt = LogsApi(base, user).uploadLog(device, "crash", File(zip))
        expect(listOf(receipt.deviceid, receipt.propertySize, receipt.by), listOf(device, File(zip).length().toInt(), "owner"))
    }
    task("key") {
        val keys = KeysApi(base, operator)
        val key = NewDeviceKey(kty = NewDeviceKey.Kty.EC, crv = NewDeviceKey.Crv.PMinus256, x = X, y = Y)
        keys.putDeviceKey(device, "factory", key)
        val read = keys.listDeviceKeys(device).propertyKeys[0]
        expect(listOf(read.kid, read.kty, read.crv, read.x, read.y), listOf("factory", "EC", "P-256", X, Y))
        expect(read.created.year >= 2025, true)
    }
    var published = ""
    task("publish") {
        val release =
            FirmwareRelease(
                devicetype = name,
                region = "*",
                version = "124",
                downloadurl = URI("https://downloads.example/124.bin"),
                releasenotes = listOf(ReleaseNote(lang = "en", body = "Faster.")),
            )
        val firmware = FirmwareApi(base, operator).publishFirmware(release)
        expect(firmware.version, "124")
        published = firmware.id
    }
    task("check") {
        val firmware = FirmwareApi(base, user).checkFirmware(deviceid = device)
        expect(listOf(firmware.id, firmware.releasenotes?.first()?.body), listOf(published, "Faster."))
    }
    task("list") {
        val page = FirmwareApi(base, operator).listFirmware(devicetype = name)
        expect(page.firmware.map { listOf(it.id, it.mandatory) }, listOf(listOf(published, false)))
    }
    // OkHttp's threads would keep the process alive.
    System.exit(0)
}

/** The token is a header of every call, because the client keeps one token for all its instances. */
fun caller(base: String, query: String): OkHttpClient {
    val token = URI("$base/local/token?$query").toURL().readText()
    return OkHttpClient.Builder()
        .addInterceptor { it.proceed(it.request().newBuilder().header("Authorization", "Bearer $token").build()) }
        .build()
}

fun task(title: String, act: () -> Unit) {
    val failure = runCatching(act).exceptionOrNull()
    println("$title: " + (failure?.toString()?.replace(Regex("\\s+"), " ") ?: "ok"))
}

fun expect(actual: Any?, expected: Any?) {
    check(actual == expected) { "$actual, expected $expected" }
}
