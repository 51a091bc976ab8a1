import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.openapitools.client.ApiClient;
import org.openapitools.client.ApiException;
import org.openapitools.client.api.DevicesApi;
import org.openapitools.client.api.FirmwareApi;
import org.openapitools.client.api.KeysApi;
import org.openapitools.client.api.LogsApi;
import org.openapitools.client.api.OwnershipApi;
import org.openapitools.client.model.DevicePatch;
import org.openapitools.client.model.FirmwareRelease;
import org.openapitools.client.model.NewDeviceKey;
import org.openapitools.client.model.Power;
import org.openapitools.client.model.Problem;
import org.openapitools.client.model.ReleaseNote;

/** The tasks with OpenAPI Generator's client in Java. run.py says what they do and print. */
public final class Scenario {
  private static final String X = "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4";
  private static final String Y = "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM";

  private final String base;
  private final String name;
  private final File zip;
  private final String device;
  private final ApiClient user;
  private final ApiClient other;
  private final ApiClient operator;
  private String published = "";

  private Scenario(String base, String name, File zip) throws Exception {
    this.base = base;
    this.name = name;
    this.zip = zip;
    device = name + "-1";
    user = caller("user=" + name);
    other = caller("user=" + name + "-other");
    operator = caller("operator=olga");
  }

  public static void main(String[] args) throws Exception {
    new Scenario(args[0], args[1], new File(args[2])).run();
    // OkHttp's threads would keep the process alive.
    System.exit(0);
  }

  private void run() {
    task("register", this::register);
    task("change", this::change);
    task("claim", () -> expect(new OwnershipApi(user).claimDevice(device, null, null).getDeviceid(), device));
    task("conflict", this::conflict);
    task("pages", this::pages);
    task("upload", this::upload);
    task("key", this::key);
    task("publish", this::publish);
    task("check", this::check);
    task("list", this::list);
  }

  private void register() throws ApiException {
    var power = new Power().bootcount(1).runtime(5);
    var patch = new DevicePatch().devicetype(name).region("dk").devicename("Kitchen").power(power);
    // An array that the contract named in the patch would be sent empty in the next call, and so removed.
    patch.putAdditionalProperty("presets", List.of(Map.of("presetnumber", 1)));
    var registered = new DevicesApi(user).registerDevice(device, patch, null, null);
    expect(List.of(registered.getDeviceid(), registered.getDevicename()), List.of(device, "Kitchen"));
  }

  private void change() throws ApiException {
    var devices = new DevicesApi(user);
    devices.registerDevice(device, new DevicePatch().power(new Power().bootcount(6)), null, null);
    var now = devices.getDevice(device, null);
    expect(
        List.of(
            now.getDevicetype(),
            now.getRegion(),
            now.getDevicename(),
            now.getPower().getBootcount(),
            now.getPower().getRuntime()),
        List.of(name, "dk", "Kitchen", 6, 5));
    expect(now.getPresets().size(), 1);
  }

  private void conflict() throws ApiException, IOException {
    try {
      new OwnershipApi(other).claimDevice(device, null, null);
    } catch (ApiException conflict) {
      var problem = Problem.fromJson(conflict.getResponseBody());
      expect(
          List.of(conflict.getCode(), problem.getType(), problem.getYours()),
          List.of(409, "urn:fleetwell:problem:already-owned", false));
      return;
    }
    throw new AssertionError("no conflict");
  }

  private void pages() throws ApiException {
    var devices = new DevicesApi(user);
    for (var id : List.of(name + "-2", name + "-3")) {
      devices.registerDevice(id, new DevicePatch(), null, null);
    }
    var ids = new ArrayList<String>();
    var pages = 0;
    String cursor = null;
    do {
      var page = devices.listDevices(1, cursor);
      page.getDevices().forEach(listed -> ids.add(listed.getDeviceid()));
      cursor = page.getNext();
      pages++;
    } while (cursor != null);
    expect(ids, List.of(device, name + "-2", name + "-3"));
    expect(pages >= 3, true);
  }

  private void upload() throws ApiException {
    var receipt = new LogsApi(user).uploadLog(device, "crash", zip, null);
    expect(
        List.of(receipt.getDeviceid(), receipt.getSize().longValue(), receipt.getBy()),
        List.of(device, zip.length(), "owner"));
  }

  private void key() throws ApiException {
    var keys = new KeysApi(operator);
    var key = new NewDeviceKey().kty(NewDeviceKey.KtyEnum.EC).crv(NewDeviceKey.CrvEnum.P_256).x(X).y(Y);
    keys.putDeviceKey(device, "factory", key);
    var read = keys.listDeviceKeys(device).getKeys().get(0);
    expect(
        List.of(read.getKid(), read.getKty(), read.getCrv(), read.getX(), read.getY()),
        List.of("factory", "EC", "P-256", X, Y));
    expect(read.getCreated().getYear() >= 2025, true);
  }

  private void publish() throws ApiException {
    var release =
        new FirmwareRelease()
            .devicetype(name)
            .region("*")
            .version("124")
            .downloadurl(URI.create("https://downloads.example/124.bin"))
            .addReleasenotesItem(new ReleaseNote().lang("en").body("Faster."));
    var firmware = new FirmwareApi(operator).publishFirmware(release);
    expect(firmware.getVersion(), "124");
    published = firmware.getId();
  }

  private void check() throws ApiException {
    var firmware = new FirmwareApi(user).checkFirmware(null, null, null, null, null, device, null, null, null);
    expect(
        List.of(firmware.getId(), firmware.getReleasenotes().get(0).getBody()), List.of(published, "Faster."));
  }

  private void list() throws ApiException {
    var page = new FirmwareApi(operator).listFirmware(name, null, null, null, null, null);
    expect(page.getFirmware().stream().map(f -> f.getId() + f.getMandatory()).toList(), List.of(published + false));
  }

  private ApiClient caller(String query) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(base + "/local/token?" + query)).build();
    var token = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).body();
    var client = new ApiClient();
    client.setBasePath(base);
    client.setBearerToken(token);
    return client;
  }

  private interface Task {
    void run() throws Exception;
  }

  private static void task(String title, Task task) {
    try {
      task.run();
      System.out.println(title + ": ok");
    } catch (Exception | AssertionError failure) {
      System.out.println(title + ": " + failure.toString().replaceAll("\\s+", " "));
    }
  }

  private static void expect(Object actual, Object expected) {
    if (!actual.equals(expected)) {
      throw new AssertionError(actual + ", expected " + expected);
    }
  }
}
