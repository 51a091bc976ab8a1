package io.fleetwell.testing;

import static io.fleetwell.testing.Api.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Without a claim, everybody who registered a device sees what the others say. */
@ExtendWith(RunningSystem.class)
class SecretWordTest {
  private final Api api;
  private final String id = unique("device");
  private final String alice = unique("alice");
  private final String path = "/v1/user/devices/" + id;

  SecretWordTest(Api api) {
    this.api = api;
    api.user(alice).put(path, SecretWord.of(alice, id).details());
  }

  @Test
  void anAnswerThatShowsAnotherUsersWordFails() {
    assertThatThrownBy(() -> api.user(unique("bob")).put(path, "{'note': 'B'}"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("is shown to somebody else");
  }

  @Test
  void anAnswerToItsUserItsDeviceOrAnOperatorMayShowAWord() {
    String text = SecretWord.of(alice, id).toString();
    assertThat(api.user(alice).get("/v1/devices/" + id).text()).contains(text);
    assertThat(api.device(id).get("/v1/devices/" + id).text()).contains(text);
    assertThat(api.operator().get("/v1/devices/" + id).text()).contains(text);
  }

  @Test
  void anAnswerThatShowsAWordOfAnotherDeviceFails() {
    String own = unique("device");
    api.device(own).put("/v1/devices/" + own, SecretWord.of(alice, own).details());
    assertThatThrownBy(() ->
            api.device(own).put("/v1/devices/" + own, SecretWord.of(alice, id).details()))
        .isInstanceOf(AssertionError.class);
  }
}
