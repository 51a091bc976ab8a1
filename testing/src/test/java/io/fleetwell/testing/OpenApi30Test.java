package io.fleetwell.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.local.YamlFile;
import org.junit.jupiter.api.Test;

class OpenApi30Test {
  private final ObjectNode contract = YamlFile.read(Project.FOLDER.resolve("openapi.yaml"));
  private final ObjectNode rewritten = OpenApi30.of(contract);

  @Test
  void itsVersionIs30AndItsInfoHasNoMemberOf31() {
    assertThat(rewritten.path("openapi").asText()).isEqualTo("3.0.3");
    assertThat(rewritten.path("info").has("summary")).isFalse();
    assertThat(rewritten.at("/info/license"))
        .isEqualTo(
            Api.json("{'name':'Apache-2.0', 'url':'https://spdx.org/licenses/Apache-2.0.html'}"));
  }

  @Test
  void aNullableTypeIsOneTypeAndTheWordNullable() {
    JsonNode code = rewritten.at("/components/schemas/NewClaimCode/properties/claimcode");
    assertThat(code.path("type").asText()).isEqualTo("string");
    assertThat(code.path("nullable").asBoolean()).isTrue();
    assertThat(rewritten.findValues("type")).noneMatch(JsonNode::isArray);
  }

  @Test
  void nothingIsBesideAReference() {
    assertThat(rewritten.findParents("$ref")).allMatch(it -> it.size() == 1);
  }

  @Test
  void aResponseKeepsItsOwnDescription() {
    String place = "/paths/~1v1~1user~1devices~1{deviceid}/put/responses/201";
    assertThat(rewritten.at(place + "/description")).isEqualTo(contract.at(place + "/description"));
    assertThat(rewritten.at(place + "/content").has("application/json")).isTrue();
  }

  @Test
  void anOperationNeedsTheTokenOnce() {
    assertThat(rewritten.at("/paths/~1v1~1devices/get/security"))
        .isEqualTo(Api.json("[{'bearer':[]}]"));
  }

  @Test
  void schemasOf30AreKeptAsTheyAre() {
    assertThat(rewritten.at("/components/schemas/Problem"))
        .isEqualTo(contract.at("/components/schemas/Problem"));
  }
}
