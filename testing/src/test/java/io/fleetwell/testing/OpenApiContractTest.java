package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fleetwell.local.Template;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OpenApiContractTest {
  private final OpenApiContract contract = OpenApiContract.read();

  @Test
  void theContractHasTheTemplatesRoutes() {
    List<String> routes =
        RunningSystem.template().routes().stream().map(Template.Route::key).toList();
    assertThat(contract.operations())
        .extracting(Operation::route)
        .containsExactlyInAnyOrderElementsOf(routes);
  }

  @Test
  void anOperationHasItsCallersParametersAndBodyTypes() {
    Operation operation = contract.operation("PutDeviceKey");
    assertThat(operation.route()).isEqualTo("PUT /v1/devices/{deviceid}/keys/{kid}");
    assertThat(operation.callers()).containsExactly("device", "operator");
    assertThat(operation.security()).containsExactly("device", "operator");
    assertThat(operation.bodyTypes()).containsExactly("application/json");
    assertThat(operation.parameters("path"))
        .extracting(Operation.Parameter::name)
        .containsExactly("deviceid", "kid");
    assertThat(operation.path(Map.of("kid", "a%20b")))
        .isEqualTo("/v1/devices/DEVICEID1/keys/a%20b");
  }

  @Test
  void operationsCanBeSelectedByParameter() {
    assertThat(contract.operations(Operation.with("header", "If-Match")))
        .extracting(Operation::id)
        .contains("PutDevice", "RegisterDevice")
        .doesNotContain("GetDevice");
  }

  @Test
  void selectingNoOperationFails() {
    assertThatThrownBy(() -> contract.operations(Operation.with("query", "no-such-parameter")))
        .isInstanceOf(IllegalStateException.class);
  }
}
