package io.fleetwell.auth;

import com.nimbusds.jose.JOSEException;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Staff at one issuer, by group, a build server at another, by subject, and devices at a third. */
final class MoreIssuers implements AutoCloseable {
  /** The {@code sub} of the build server. */
  static final String BUILD = "repo:maker/speaker:ref:refs/heads/main";

  private static final String CONSOLE = "console";
  private static final String API = "fleetwell";

  private final OtherIssuer staff;
  private final OtherIssuer builds;
  private final OtherIssuer devices;

  MoreIssuers() throws IOException, JOSEException {
    staff = new OtherIssuer();
    builds = new OtherIssuer();
    devices = new OtherIssuer();
  }

  /** The parameter of the template that makes them issuers. */
  Map<String, String> parameter() {
    return Map.of(
        "MoreIssuers",
        String.join(
            ",",
            staff.url() + "?kind=operator&kind=support&groups=roles&audience=" + CONSOLE,
            builds.url() + "?kind=operator&audience=%s&subject=%s".formatted(API, BUILD),
            devices.url() + "?kind=device&audience=" + API));
  }

  /** A token of the issuer of the staff, signed in to the console. */
  String person(String... groups) throws JOSEException {
    return person(Map.of("scope", "openid fleet/console", "roles", List.of(groups)));
  }

  /** A token of the issuer of the staff. */
  String person(Map<String, Object> claims) throws JOSEException {
    return staff.token(CONSOLE, "otto", claims);
  }

  /** A token of the build server. */
  String build() throws JOSEException {
    return build(BUILD, Map.of());
  }

  /** A token of the issuer of builds. */
  String build(String subject, Map<String, Object> claims) throws JOSEException {
    return builds.token(API, subject, claims);
  }

  /** A token of a device. */
  String device(String deviceId) throws JOSEException {
    return device(Map.of("scope", "fleet/device", "deviceid", deviceId));
  }

  /** A token of the issuer of devices. */
  String device(Map<String, Object> claims) throws JOSEException {
    return devices.token(API, "deborah", claims);
  }

  @Override
  public void close() {
    staff.close();
    builds.close();
    devices.close();
  }
}
