package io.fleetwell.testing.model;

/** The operations of the API that the model knows. */
enum Operation {
  REGISTER("PUT", "/v1/user/devices/{deviceid}"),
  UNREGISTER("DELETE", "/v1/user/devices/{deviceid}"),
  CLAIM("PUT", "/v1/user/devices/owner/{deviceid}"),
  RELEASE("DELETE", "/v1/user/devices/owner/{deviceid}"),
  LIST("GET", "/v1/user/devices"),
  LIST_OWNED("GET", "/v1/user/devices/owner"),
  PUT_DEVICE("PUT", "/v1/devices/{deviceid}"),
  GET_DEVICE("GET", "/v1/devices/{deviceid}"),
  FIND("GET", "/v1/devices"),
  CHECK("GET", "/v1/devices/firmware"),
  TAKE_BACK("DELETE", "/v1/devices/{deviceid}/owner"),
  SET_CLAIM_CODE("PUT", "/v1/devices/{deviceid}/claimcode"),
  ENROL("POST", "/v1/devices/keys");

  private final String method;
  private final String path;

  Operation(String method, String path) {
    this.method = method;
    this.path = path;
  }

  String method() {
    return method;
  }

  /** The path in the form of the template. */
  String path() {
    return path;
  }

  /** The route in the form of the template. */
  String route() {
    return method + " " + path;
  }

  boolean isRead() {
    return method.equals("GET");
  }
}
