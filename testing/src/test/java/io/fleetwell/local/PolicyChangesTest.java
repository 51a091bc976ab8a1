package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.local.Permissions.Permission;
import io.fleetwell.local.Template.Function;
import io.fleetwell.testing.RunningSystem;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any permission removed from a policy of the template, or added to it, is detected when the function is called. {@code
 * JourneyTest} checks that calls need all permissions of a function.
 */
class PolicyChangesTest {
  private static final Template TEMPLATE = RunningSystem.template();

  static Stream<Function> functions() {
    return TEMPLATE.functions().stream();
  }

  private static Permissions permissions(Function function, Stream<Permission> granted) {
    return new Permissions(function.name(), granted.collect(Collectors.toSet()));
  }

  /** A use of a permission; for a prefix of objects, the use of one object. */
  private static Permission useOf(Permission permission) {
    return new Permission(permission.action(), permission.resource().replace("*", "D1/log/1"));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anActionRemovedFromAPolicyIsDenied(Function function) {
    for (Permission taken : function.permissions()) {
      Permissions rest =
          permissions(function, function.permissions().stream().filter(it -> !it.equals(taken)));
      assertThatThrownBy(() -> rest.require(useOf(taken)))
          .hasMessageContainingAll("AccessDenied", function.name(), taken.action());
    }
  }

  /** Permissions of other functions, and permissions of none. */
  private static Set<Permission> notOf(Function function) {
    Set<Permission> others = new LinkedHashSet<>();
    functions().forEach(it -> others.addAll(it.permissions()));
    TEMPLATE.tables().forEach(it -> others.add(new Permission("dynamodb:Scan", it.name())));
    TEMPLATE.buckets().forEach(it -> others.add(new Permission("s3:GetObject", it + "/*")));
    TEMPLATE.buckets().forEach(it -> others.add(new Permission("s3:DeleteObject", it + "/logs/*")));
    others.removeAll(function.permissions());
    return others;
  }

  @ParameterizedTest
  @MethodSource("functions")
  void anActionAddedToAPolicyIsNotUsed(Function function) {
    for (Permission added : notOf(function)) {
      Permissions more =
          permissions(function, Stream.concat(function.permissions().stream(), Stream.of(added)));
      function.permissions().forEach(it -> more.require(useOf(it)));
      assertThat(more.takeUsed()).as("with %s", added).isEqualTo(function.permissions());
    }
  }
}
