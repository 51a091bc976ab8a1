package io.fleetwell.device;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fleetwell.testing.Api;
import io.fleetwell.testing.Api.Answer;
import io.fleetwell.testing.Api.Caller;
import io.fleetwell.testing.AtOnce;
import io.fleetwell.testing.RunningSystem;
import io.fleetwell.testing.SecretWord;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(RunningSystem.class)
class ConcurrencyHttpTest {
  private final Api api;
  private final String id = unique("device");

  ConcurrencyHttpTest(Api api) {
    this.api = api;
  }

  /** Makes all calls at the same instant. */
  private static List<Answer> concurrently(int calls, IntFunction<Answer> call) throws Exception {
    return AtOnce.call(IntStream.range(0, calls)
        .<Callable<Answer>>mapToObj(i -> () -> call.apply(i))
        .toList());
  }

  @ParameterizedTest(name = "the device has details: {0}")
  @ValueSource(booleans = {true, false})
  void ofFiftyConcurrentClaimsExactlyOneSucceeds(boolean described) throws Exception {
    if (described) {
      api.device(id).put("/v1/devices/" + id, "{'volume': 1}");
    }
    List<Caller> users = IntStream.range(0, 50)
        .mapToObj(i -> api.user("%s-user-%d".formatted(id, i)))
        .toList();
    List<Answer> answers = concurrently(50, i -> users.get(i).put("/v1/user/devices/owner/" + id));
    assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
    assertThat(answers.stream().filter(answer -> answer.status() == 409)).hasSize(49);
    for (int i = 0; i < 50; i++) {
      if (answers.get(i).status() == 201) {
        String user = "%s-user-%d".formatted(id, i);
        users.get(i).put("/v1/user/devices/" + id, SecretWord.of(user, id).details());
      }
    }
    for (int i = 0; i < 50; i++) {
      int owned =
          users.get(i).get("/v1/user/devices/owner").json().path("devices").size();
      assertThat(owned).isEqualTo(answers.get(i).status() == 201 ? 1 : 0);
      assertThat(users.get(i).get("/v1/devices/" + id).status()).isEqualTo(owned == 1 ? 200 : 404);
    }
  }

  @Test
  void twentyConcurrentWritesAreAllKept() throws Exception {
    List<Answer> answers = concurrently(
        20, i -> api.device(id).put("/v1/devices/" + id, "{'field%d': %d}".formatted(i, i)));
    assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 201);
    assertThat(answers.stream().filter(answer -> answer.status() == 201)).hasSize(1);
    assertAllFieldsAreThere(api.device(id).get("/v1/devices/" + id).json());
  }

  @Test
  void concurrentWritesByUserAndDeviceAreAllKept() throws Exception {
    Caller alice = api.user(unique("alice"));
    alice.put("/v1/user/devices/owner/" + id);
    List<Answer> answers = concurrently(
        20,
        i -> i % 2 == 0
            ? alice.put("/v1/user/devices/" + id, "{'field%d': %d}".formatted(i, i))
            : api.device(id).put("/v1/devices/" + id, "{'field%d': %d}".formatted(i, i)));
    assertThat(answers).allMatch(answer -> answer.status() == 200 || answer.status() == 201);
    assertAllFieldsAreThere(alice.get("/v1/devices/" + id).json());
  }

  private static void assertAllFieldsAreThere(JsonNode device) {
    for (int i = 0; i < 20; i++) {
      assertThat(device.path("field" + i).asInt(-1)).isEqualTo(i);
    }
  }

  @Test
  void listsAgreeWithTheRecordAfterConcurrentClaimsAndReleases() throws Exception {
    List<Caller> users = IntStream.range(0, 8)
        .mapToObj(i -> api.user("%s-user-%d".formatted(id, i)))
        .toList();
    for (int round = 0; round < 5; round++) {
      concurrently(
          16,
          i -> i < 8
              ? users.get(i).put("/v1/user/devices/owner/" + id)
              : users.get(i - 8).delete("/v1/user/devices/owner/" + id));
      long owners = users.stream()
          .filter(
              user -> user.get("/v1/user/devices/owner").json().path("devices").size() == 1)
          .count();
      long mayRelease = users.stream()
          .filter(user -> user.delete("/v1/user/devices/owner/" + id).status() == 204)
          .count();
      assertThat(mayRelease).isEqualTo(owners).isLessThanOrEqualTo(1);
    }
  }
}
