package io.fleetwell.aws;

import static io.fleetwell.aws.Attributes.number;
import static io.fleetwell.aws.Attributes.text;
import static io.fleetwell.aws.Attributes.textOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.fleetwell.failure.Failure;
import io.fleetwell.testing.RecordingContext;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

class ItemTypeTest {
  private static final ItemType<String> TYPE =
      new ItemType<>("id", Set.of("id", "colour", "size"), item -> textOf(item, "colour"));

  private static final Map<String, AttributeValue> RED =
      Map.of("id", text("1"), "colour", text("red"));

  private final EventLog log = new EventLog();
  private final RecordingContext context = new RecordingContext();

  @BeforeEach
  void startEvent() {
    log.set(context.getLogger());
  }

  @AfterEach
  void endEvent() {
    log.clear();
  }

  private static Map<String, AttributeValue> red(String attribute, AttributeValue value) {
    return Map.of("id", text("1"), "colour", text("red"), attribute, value);
  }

  @Test
  void anItemIsReadWhateverElseItHas() {
    assertThat(TYPE.read(RED)).contains("red");
    assertThat(TYPE.read(red("shape", text("round")))).contains("red");
    assertThat(TYPE.read(red("format", number(1)))).contains("red");
  }

  @Test
  void anItemOfAnotherFormatIsLeftOut() {
    assertThat(TYPE.read(red("format", number(2)))).isEmpty();
    assertThat(TYPE.read(red("format", text("1")))).isEmpty();
  }

  @Test
  void anItemThatDecidesMustBeReadable() {
    assertThatThrownBy(() -> TYPE.read(Map.of("id", text("1"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anItemThatCannotBeReadIsMissingFromItsListAndLogged() {
    List<Map<String, AttributeValue>> items =
        List.of(Map.of("id", text("7"), "colour", number(3)), RED);
    assertThat(TYPE.readAll(items, log)).containsExactly("red");
    assertThat(context.logged()).contains("id").contains("7").doesNotContain("colour");
  }

  @Test
  void aChangeKeepsOnlyUnknownAttributes() {
    Map<String, AttributeValue> present =
        Map.of("id", text("1"), "colour", text("red"), "size", number(3), "shape", text("round"));
    assertThat(TYPE.next(Optional.of(present), Map.of("id", text("1"), "colour", text("blue"))))
        .isEqualTo(Map.of("id", text("1"), "colour", text("blue"), "shape", text("round")));
    assertThat(TYPE.next(Optional.empty(), RED)).isEqualTo(RED);
  }

  @Test
  void anItemOfAnotherFormatIsNotChanged() {
    Failure failure = catchThrowableOfType(
        Failure.class, () -> TYPE.next(Optional.of(red("format", number(2))), RED));
    assertThat(failure.isOutage()).isTrue();
  }

  @Test
  void anAttributeThatTheTypeDoesNotNameCannotBeWritten() {
    assertThatThrownBy(() -> TYPE.next(Optional.empty(), red("shape", text("round"))))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
