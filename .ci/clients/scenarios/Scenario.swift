import Foundation
import FoundationNetworking
import OpenAPIClient

let keyX = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4"
let keyY = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"

struct Unexpected: Error {
    let actual: String
    let expected: String
}

/// The tasks with OpenAPI Generator's client in Swift. run.py says what they do and print.
@main
struct Scenario {
    let name: String
    let zip: URL
    let device: String
    let user: OpenAPIClientAPIConfiguration
    let other: OpenAPIClientAPIConfiguration
    let `operator`: OpenAPIClientAPIConfiguration

    static func main() async throws {
        let (base, name, zip) = (CommandLine.arguments[1], CommandLine.arguments[2], CommandLine.arguments[3])
        let scenario = Scenario(
            name: name,
            zip: URL(fileURLWithPath: zip),
            device: "\(name)-1",
            user: try await caller(base, "user=\(name)"),
            other: try await caller(base, "user=\(name)-other"),
            operator: try await caller(base, "operator=olga")
        )
        await scenario.run()
    }

    func run() async {
        await task("register") {
            let power = Power(bootcount: 1, runtime: 5)
            let patch = DevicePatch(devicetype: name, region: "dk", devicename: "Kitchen", power: power)
            let registered = try await DevicesAPI.registerDevice(deviceid: device, devicePatch: patch, apiConfiguration: user)
            try expect([registered.deviceid, registered.devicename], [device, "Kitchen"])
        }
        await task("change") {
            let patch = DevicePatch(power: Power(bootcount: 6))
            _ = try await DevicesAPI.registerDevice(deviceid: device, devicePatch: patch, apiConfiguration: user)
            let now = try await DevicesAPI.getDevice(deviceid: device, apiConfiguration: user)
            try expect([now.devicetype, now.region, now.devicename], [name, "dk", "Kitchen"])
            try expect([now.power?.bootcount, now.power?.runtime], [6, 5])
        }
        await task("claim") {
            let claimed = try await OwnershipAPI.claimDevice(deviceid: device, apiConfiguration: user)
            try expect(claimed.deviceid, device)
        }
        await task("conflict") {
            do {
                _ = try await OwnershipAPI.claimDevice(deviceid: device, apiConfiguration: other)
            } catch ErrorResponse.error(let status, let data, _, _) {
                let problem = try other.codableHelper.decode(Problem.self, from: data ?? Data()).get()
                try expect(status, 409)
                try expect(problem.type, "urn:fleetwell:problem:already-owned")
                try expect(problem.yours, false)
                return
            }
            throw Unexpected(actual: "no conflict", expected: "409")
        }
        await task("pages") {
            let others = ["\(name)-2", "\(name)-3"]
            for id in others {
                _ = try await DevicesAPI.registerDevice(deviceid: id, devicePatch: DevicePatch(), apiConfiguration: user)
            }
            var ids: [String] = []
            var pages = 0
            var cursor: String?
            repeat {
                let page = try await DevicesAPI.listDevices(limit: 1, cursor: cursor, apiConfiguration: user)
                ids += page.devices.map(\.deviceid)
                cursor = page.next
                pages += 1
            } while cursor != nil
            try expect(ids, [device] + others)
            try expect(pages >= 3, true)
        }
        await task("upload") {
            let receipt = try await LogsAPI.uploadLog(deviceid: device, logtype: "crash", file: zip, apiConfiguration: user)
            try expect([receipt.deviceid, receipt.by], [device, "owner"])
            try expect(receipt.size, try Data(contentsOf: zip).count)
        }
        await task("key") {
            let key = NewDeviceKey(kty: .ec, crv: .p256, x: keyX, y: keyY)
            _ = try await KeysAPI.putDeviceKey(deviceid: device, kid: "factory", newDeviceKey: key, apiConfiguration: `operator`)
            let read = try await KeysAPI.listDeviceKeys(deviceid: device, apiConfiguration: `operator`).keys[0]
            try expect([read.kid, read.kty, read.crv, read.x, read.y], ["factory", "EC", "P-256", keyX, keyY])
            try expect(read.created > Date(timeIntervalSince1970: 1_700_000_000), true)
        }
        var published = ""
        await task("publish") {
            let release = FirmwareRelease(
                downloadurl: "https://downloads.example/124.bin",
                devicetype: name,
                region: "*",
                version: "124",
                releasenotes: [ReleaseNote(lang: "en", body: "Faster.")]
            )
            let firmware = try await FirmwareAPI.publishFirmware(firmwareRelease: release, apiConfiguration: `operator`)
            try expect(firmware.version, "124")
            published = firmware.id
        }
        await task("check") {
            let firmware = try await FirmwareAPI.checkFirmware(deviceid: device, apiConfiguration: user)
            try expect([firmware.id, firmware.releasenotes?.first?.body], [published, "Faster."])
        }
        await task("list") {
            let page = try await FirmwareAPI.listFirmware(devicetype: name, apiConfiguration: `operator`)
            try expect(page.firmware.map(\.id), [published])
            try expect(page.firmware.map(\.mandatory), [false])
        }
    }

    static func caller(_ base: String, _ query: String) async throws -> OpenAPIClientAPIConfiguration {
        let (token, _) = try await URLSession.shared.data(from: URL(string: "\(base)/local/token?\(query)")!)
        let headers = ["Authorization": "Bearer \(String(decoding: token, as: UTF8.self))"]
        return OpenAPIClientAPIConfiguration(basePath: base, customHeaders: headers, apiResponseQueue: .global())
    }

    func task(_ title: String, _ act: () async throws -> Void) async {
        do {
            try await act()
            print("\(title): ok")
        } catch {
            print("\(title): \(String(describing: error).replacingOccurrences(of: "\n", with: " "))")
        }
    }

    func expect<T: Equatable>(_ actual: T, _ expected: T) throws {
        if actual != expected {
            throw Unexpected(actual: "\(actual)", expected: "\(expected)")
        }
    }
}
