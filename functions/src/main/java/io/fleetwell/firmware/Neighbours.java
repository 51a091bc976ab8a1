package io.fleetwell.firmware;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The versions next to a firmware's among all of its product line with the same test flag. They show an operator at once
 * where the version has its place.
 */
record Neighbours(Optional<Version> below, Optional<Version> above) {
  /** The neighbours of a firmware whose version can be read, among the firmware of its product line. */
  static Neighbours of(Firmware firmware, List<Firmware> line) {
    Version version = firmware.version().readable().orElseThrow();
    List<Version> others = line.stream()
        .filter(it -> it.test() == firmware.test())
        .flatMap(it -> it.version().readable().stream())
        .toList();
    return new Neighbours(
        others.stream().filter(it -> it.compareTo(version) < 0).max(Comparator.naturalOrder()),
        others.stream().filter(it -> it.compareTo(version) > 0).min(Comparator.naturalOrder()));
  }

  /** Adds the versions that exist. */
  ObjectNode addTo(ObjectNode json) {
    below.ifPresent(it -> json.put("below", it.toString()));
    above.ifPresent(it -> json.put("above", it.toString()));
    return json;
  }
}
