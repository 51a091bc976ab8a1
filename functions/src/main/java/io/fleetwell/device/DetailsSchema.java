package io.fleetwell.device;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.failure.FieldErrors;
import io.fleetwell.ids.ComparedText;
import io.fleetwell.json.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Checks the fields of a device's details whose types are known, and brings texts that rules compare into their form. Other
 * fields may have any value.
 */
final class DetailsSchema {
  /**
   * Fields that only the service sets. An app would take a detail of such a name for the service's word, and everybody
   * who sees the device could read a claim code among the details.
   */
  private static final Set<String> RESERVED =
      Set.of("owner", "claimid", "version", ClaimCode.FIELD);

  private static final List<Type> TYPES = List.of(
      new Type("a string", JsonNode::isTextual, """
          /deviceid /devicetype /brand /serial /devicename /devicemanufacturer
          /platform /platformversion /countrycode /region
          /purchase/country /purchase/point-of-sale /purchase/date /warranty/expires
          /versioninfo/firmware /versioninfo/module /versioninfo/mcu
          /versioninfo/dsp /versioninfo/bt
          /presets/*/ref /presets/*/service /presets/*/name
          /location/city /location/country /locale/country /locale/language"""),
      new Type("an integer", JsonNode::isIntegralNumber, """
          /power/bootcount /power/runtime /power/batteryruntime /power/powersupplyruntime
          /power/chargingtime /presets/*/presetnumber"""),
      new Type("true or false", JsonNode::isBoolean, "/warranty/extended"),
      new Type("an object", JsonNode::isObject, """
          /purchase /warranty /versioninfo /power /presets/* /location /locale"""),
      new Type("an array", JsonNode::isArray, "/presets"));

  /** Rules compare these texts and, in an object, all its texts. */
  private static final Set<String> COMPARED =
      Set.of("devicetype", "region", "serial", "versioninfo");

  /** A type and the paths of its fields; {@code *} stands for any element of an array. */
  private record Type(String name, Predicate<JsonNode> accepts, Set<String> paths) {
    Type(String name, Predicate<JsonNode> accepts, String paths) {
      this(
          name,
          accepts,
          Pattern.compile("\\s").splitAsStream(paths).collect(Collectors.toUnmodifiableSet()));
    }
  }

  private final FieldErrors errors = new FieldErrors();

  private DetailsSchema() {}

  /**
   * Checks a merge patch for the details of a device. Returns it without the device's id, and with {@link ComparedText}s
   * where rules compare; throws {@code INVALID} with all wrong fields.
   */
  static ObjectNode checked(String deviceId, ObjectNode patch) {
    DetailsSchema schema = new DetailsSchema();
    schema.checkNames(deviceId, patch);
    schema.checkFields("", "", patch);
    ObjectNode normalized = schema.normalized("", patch);
    schema.errors.throwIfAny();
    // The record's key, not a detail.
    normalized.remove("deviceid");
    return normalized;
  }

  /** Checks facts that the factory tells, and returns them normalized; throws {@code INVALID} with all wrong fields. */
  static ObjectNode checkedFacts(ObjectNode facts, String pointer) {
    DetailsSchema schema = new DetailsSchema();
    facts.properties().forEach(field -> {
      if (!DeviceDetails.isFact(field.getKey())) {
        schema.errors.add(
            Json.pointer(pointer, field.getKey()),
            "is not a fact; the facts are "
                + String.join(", ", new TreeSet<>(DeviceDetails.factNames())));
      }
    });
    Tree.leaves(facts).stream()
        .filter(leaf -> leaf.value().isNull())
        .forEach(leaf -> schema.errors.add(
            leaf.path().stream().reduce(pointer, Json::pointer),
            "must not be null: the factory only adds facts"));
    schema.checkFields("", pointer, facts);
    ObjectNode normalized = schema.normalized(pointer, facts);
    schema.errors.throwIfAny();
    return normalized;
  }

  private ObjectNode normalized(String pointer, ObjectNode details) {
    ObjectNode normalized = details.deepCopy();
    COMPARED.forEach(name -> normalize(pointer, name, normalized));
    if (!Device.isSerial(normalized.path("serial").asText(""))) {
      errors.add(
          pointer + "/serial", "must be at most %d characters".formatted(Device.MAX_SERIAL_LENGTH));
    }
    return normalized;
  }

  /** Brings a field into the form in which texts are compared, and all fields of an object. Arrays stay as they are. */
  private void normalize(String parent, String name, ObjectNode object) {
    JsonNode value = object.path(name);
    String pointer = Json.pointer(parent, name);
    if (value instanceof ObjectNode nested) {
      nested.properties().forEach(field -> normalize(pointer, field.getKey(), nested));
    } else if (value.isTextual()) {
      String text = ComparedText.of(value.textValue());
      if (text.isEmpty() && !value.textValue().isEmpty()) {
        errors.add(pointer, "has only white space or control characters; null removes the field");
      }
      object.put(name, text);
    }
  }

  private void checkNames(String deviceId, ObjectNode patch) {
    JsonNode id = patch.path("deviceid");
    if (id.isNull() || (id.isTextual() && !id.textValue().equals(deviceId))) {
      errors.add("/deviceid", "must be the deviceid in the path, or absent");
    }
    patch.properties().stream()
        .map(Map.Entry::getKey)
        .filter(RESERVED::contains)
        .forEach(name -> errors.add("/" + name, "is set by the service, and cannot be a detail"));
  }

  private void checkFields(String path, String pointer, ObjectNode object) {
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      checkValue(
          Json.pointer(path, field.getKey()),
          Json.pointer(pointer, field.getKey()),
          field.getValue());
    }
  }

  private void checkValue(String path, String pointer, JsonNode value) {
    Optional<Type> known =
        TYPES.stream().filter(type -> type.paths().contains(path)).findFirst();
    // In a merge patch null removes a field. Arrays are not merged, so null stays in them.
    if (known.isEmpty() || value.isNull()) {
      return;
    }
    if (!known.get().accepts().test(value)) {
      errors.add(pointer, "must be " + known.get().name());
    } else if (value instanceof ObjectNode object) {
      checkFields(path, pointer, object);
    } else if (value instanceof ArrayNode array) {
      for (int i = 0; i < array.size(); i++) {
        checkValue(path + "/*", pointer + "/" + i, array.get(i));
      }
    }
  }
}
