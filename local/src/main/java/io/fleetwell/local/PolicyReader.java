package io.fleetwell.local;

import io.fleetwell.local.Permissions.Permission;
import java.util.LinkedHashSet;
import java.util.Set;

/** Reads the policies of a function. Only statements that allow actions on named resources are understood. */
final class PolicyReader {
  private final Intrinsics intrinsics;

  PolicyReader(Intrinsics intrinsics) {
    this.intrinsics = intrinsics;
  }

  Set<Permission> permissions(TemplatePart policies) {
    Set<Permission> permissions = new LinkedHashSet<>();
    for (TemplatePart policy : policies.elements()) {
      policy.requireOnly(Set.of("Version", "Statement"));
      for (TemplatePart statement : policy.at("Statement").elements()) {
        permissions.addAll(allowedBy(new TemplatePart(policies.name(), statement.value())));
      }
    }
    return permissions;
  }

  private Set<Permission> allowedBy(TemplatePart statement) {
    statement.requireOnly(Set.of("Effect", "Action", "Resource"));
    statement.at("Effect").requireValue("Allow");
    Set<Permission> permissions = new LinkedHashSet<>();
    for (TemplatePart action : statement.at("Action").elements()) {
      for (TemplatePart resource : statement.at("Resource").elements()) {
        permissions.add(permission(statement, action.text(), intrinsics.text(resource.value())));
      }
    }
    return permissions;
  }

  /** A {@code *} stands for the keys of a bucket that begin alike. Anywhere else it would allow too much. */
  private static Permission permission(TemplatePart statement, String action, String resource) {
    boolean isPrefix = resource.endsWith("/*");
    String exact = isPrefix ? resource.substring(0, resource.length() - 1) : resource;
    if (action.contains("*") || exact.contains("*")) {
      throw statement.notUnderstood("%s on %s".formatted(action, resource));
    }
    return new Permission(action, resource);
  }
}
