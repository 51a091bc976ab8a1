package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A call of the API.
 *
 * @param device the device that the call is about; a list is about none, and ignores it
 * @param body the JSON that is sent, without the id of the device; for {@link Operation#FIND} the query. Never changed
 *     in place. Without fields it means no body where the operation needs none.
 */
record Call(Party by, Operation operation, String device, ObjectNode body) {
  static final String CLAIM_CODE = "claimcode";
  static final String SERIAL = "serial";
  static final String KEY = "key";
  static final String FACTS = "facts";
  static final String EVICT = "evict";

  public static Call of(Party by, Operation operation, String device) {
    return new Call(by, operation, device, JsonNodeFactory.instance.objectNode());
  }

  /** Whether the user who calls neither was nor becomes the owner, so that the device must not notice. */
  boolean isByBystander(DeviceModel before, DeviceModel after) {
    return by.isUser() && !before.isOwnedBy(by.name()) && !after.isOwnedBy(by.name());
  }

  @Override
  public String toString() {
    String call = "%s: %s %s".formatted(by, operation, device);
    return body.isEmpty() ? call : call + " " + body;
  }
}
