package io.fleetwell.device;

import static java.util.Map.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.Failure;
import io.fleetwell.failure.FieldErrors;
import io.fleetwell.json.Json;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The fields of a device's details whose types are known. Every other field may be anything. */
final class DetailsSchema {
  /** What the service itself says of a device, as which details could pass; and what nobody is to read. */
  private static final Set<String> RESERVED =
      Set.of("owner", "claimid", "version", ClaimCode.FIELD);

  private enum Type {
    STRING("a string"),
    INTEGER("an integer"),
    BOOLEAN("true or false"),
    OBJECT("an object"),
    ARRAY("an array");

    private final String words;

    Type(String words) {
      this.words = words;
    }

    boolean accepts(JsonNode value) {
      return switch (this) {
        case STRING -> value.isTextual();
        case INTEGER -> value.isIntegralNumber();
        case BOOLEAN -> value.isBoolean();
        case OBJECT -> value.isObject();
        case ARRAY -> value.isArray();
      };
    }
  }

  /** By path, with {@code *} for any element of an array. */
  private static final Map<String, Type> TYPES = Map.ofEntries(
      entry("/deviceid", Type.STRING),
      entry("/devicetype", Type.STRING),
      entry("/brand", Type.STRING),
      entry("/serial", Type.STRING),
      entry("/devicename", Type.STRING),
      entry("/devicemanufacturer", Type.STRING),
      entry("/platform", Type.STRING),
      entry("/platformversion", Type.STRING),
      entry("/countrycode", Type.STRING),
      entry("/region", Type.STRING),
      entry("/purchase", Type.OBJECT),
      entry("/purchase/country", Type.STRING),
      entry("/purchase/point-of-sale", Type.STRING),
      entry("/purchase/date", Type.STRING),
      entry("/warranty", Type.OBJECT),
      entry("/warranty/extended", Type.BOOLEAN),
      entry("/warranty/expires", Type.STRING),
      entry("/versioninfo", Type.OBJECT),
      entry("/versioninfo/firmware", Type.STRING),
      entry("/versioninfo/module", Type.STRING),
      entry("/versioninfo/mcu", Type.STRING),
      entry("/versioninfo/dsp", Type.STRING),
      entry("/versioninfo/bt", Type.STRING),
      entry("/power", Type.OBJECT),
      entry("/power/bootcount", Type.INTEGER),
      entry("/power/runtime", Type.INTEGER),
      entry("/power/batteryruntime", Type.INTEGER),
      entry("/power/powersupplyruntime", Type.INTEGER),
      entry("/power/chargingtime", Type.INTEGER),
      entry("/presets", Type.ARRAY),
      entry("/presets/*", Type.OBJECT),
      entry("/presets/*/presetnumber", Type.INTEGER),
      entry("/presets/*/ref", Type.STRING),
      entry("/presets/*/service", Type.STRING),
      entry("/presets/*/name", Type.STRING),
      entry("/location", Type.OBJECT),
      entry("/location/city", Type.STRING),
      entry("/location/country", Type.STRING),
      entry("/locale", Type.OBJECT),
      entry("/locale/country", Type.STRING),
      entry("/locale/language", Type.STRING));

  private final FieldErrors errors = new FieldErrors();

  private DetailsSchema() {}

  /**
   * Makes sure that a merge patch puts nothing wrong into the details of a device.
   *
   * @throws Failure {@code INVALID} with the fields that are wrong
   */
  static void check(String deviceId, ObjectNode patch) {
    DetailsSchema schema = new DetailsSchema();
    schema.checkDeviceId(deviceId, patch.get("deviceid"));
    for (Map.Entry<String, JsonNode> field : patch.properties()) {
      if (RESERVED.contains(field.getKey())) {
        schema.errors.add(
            Json.pointer("", field.getKey()), "is set by the service, and cannot be a detail");
      }
    }
    schema.checkFields("", "", patch, false);
    if (!Device.isSerial(patch.path("serial").asText(""))) {
      schema.errors.add(
          "/serial", "must be at most %d characters".formatted(Device.MAX_SERIAL_LENGTH));
    }
    schema.errors.throwIfAny();
  }

  private void checkDeviceId(String deviceId, @Nullable JsonNode inBody) {
    if (inBody != null
        && (inBody.isNull() || (inBody.isTextual() && !inBody.textValue().equals(deviceId)))) {
      errors.add("/deviceid", "must be the deviceid of the path, or not be there");
    }
  }

  private void checkFields(String path, String pointer, ObjectNode object, boolean inArray) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      // In a merge patch null removes the field, whatever its type; but arrays are not merged, and
      // keep theirs.
      if (inArray || !field.getValue().isNull()) {
        checkValue(
            Json.pointer(path, field.getKey()),
            Json.pointer(pointer, field.getKey()),
            field.getValue(),
            inArray);
      }
    }
  }

  private void checkValue(String path, String pointer, JsonNode value, boolean inArray) {
    Type type = TYPES.get(path);
    if (type == null) {
      return;
    }
    if (!type.accepts(value)) {
      errors.add(pointer, "must be " + type.words);
    } else if (value instanceof ObjectNode object) {
      checkFields(path, pointer, object, inArray);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        checkValue(path + "/*", pointer + "/" + i, array.get(i), true);
      }
    }
  }
}
