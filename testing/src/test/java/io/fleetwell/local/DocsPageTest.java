package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.OpenApiContract;
import io.fleetwell.testing.Operation;
import io.fleetwell.testing.RunningSystem;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.openqa.selenium.By;

/** The API reference in a browser, on one machine. Needs Chromium and its driver; skipped without them. */
@ExtendWith(RunningSystem.class)
class DocsPageTest {
  private static final By OPERATION = By.className("opblock");
  private static final By CALLER = By.id("caller");

  private static Browser browser;

  private final LocalSystem system;

  DocsPageTest(LocalSystem system) {
    this.system = system;
  }

  @BeforeAll
  static void start() {
    browser = Browser.start();
  }

  @AfterAll
  static void stop() {
    browser.close();
  }

  /** Opens the page in a browser that has not seen it. */
  @BeforeEach
  void open() {
    browser.resize(1280, 800);
    reload();
    browser.run("localStorage.clear()");
    reload();
    browser.errors();
  }

  private void reload() {
    browser.open(system.uri() + "/docs", OPERATION);
  }

  private static By button(String text) {
    return By.xpath("//button[.='%s']".formatted(text));
  }

  @Test
  void everyRouteIsShownWithItsCallers() {
    Map<String, Set<String>> expected = OpenApiContract.read().operations().stream()
        .collect(Collectors.toMap(Operation::route, Operation::callers));
    Map<String, Set<String>> shown = browser.all(OPERATION).stream()
        .collect(Collectors.toMap(
            it -> it.findElement(By.className("opblock-summary-method")).getText() + " "
                + it.findElement(By.className("opblock-summary-path")).getDomAttribute("data-path"),
            it -> callersIn(it.findElement(By.className("callers")).getText())));
    assertThat(shown).isEqualTo(expected);
  }

  private static Set<String> callersIn(String text) {
    assertThat(text).startsWith("Callers: ");
    return Set.of(text.substring("Callers: ".length()).split(", "));
  }

  @Test
  void theFirstScreenShowsSeveralOperations() {
    assertThat(browser.number("return innerHeight")).isEqualTo(800);
    assertThat(browser.all(OPERATION))
        .filteredOn(it -> it.getRect().y + it.getRect().height < 800)
        .hasSizeGreaterThanOrEqualTo(5);
  }

  @Test
  void theTextAboutAllCallsUnfolds() {
    By heading = By.xpath("//details//h2[.='Who is calling']");
    assertThat(browser.all(heading)).noneMatch(it -> it.isDisplayed());
    browser.click(By.xpath("//summary"));
    assertThat(browser.shown(heading).isDisplayed()).isTrue();
  }

  /** Swagger UI shows it for schemas that it does not understand. */
  @Test
  void noFieldHasTheTypeNever() {
    browser.click(By.cssSelector("#operations-Devices-RegisterDevice .opblock-summary-control"));
    assertThat(browser.shown(By.className("parameter__type")).getText()).isEqualTo("string");
    clickAll(".models-control");
    browser.shown(By.className("json-schema-2020-12"));
    clickAll(".json-schema-2020-12-expand-deep-button");
    assertThat(textsOf(".json-schema-2020-12__attribute--primary"))
        .contains("string")
        .noneMatch(it -> it.contains("never"));
  }

  private static void clickAll(String selector) {
    browser.run("document.querySelectorAll(arguments[0]).forEach(it => it.click())", selector);
  }

  private static List<String> textsOf(String selector) {
    Object texts = browser.run(
        "return [...document.querySelectorAll(arguments[0])].map(it => it.textContent)", selector);
    return ((List<?>) texts).stream().map(String::valueOf).toList();
  }

  @ParameterizedTest
  @CsvSource({
    "be alice, user alice, Devices, RegisterDevice",
    "be device DEVICEID1, device DEVICEID1, Devices, PutDevice",
    "be olga, operator olga, Firmware, ListFirmware",
  })
  void whoSignsInWithOneClickStaysSignedInAndMakesAFirstCall(
      String click, String caller, String tag, String operation) {
    browser.click(button(click));
    browser.awaitText(CALLER, "You are " + caller);
    reload();
    browser.awaitText(CALLER, "You are " + caller);
    By link = By.linkText("Make a first call: " + operation);
    assertThat(browser.shown(link).getRect().y).isLessThan(800);
    browser.click(link);
    String block = "#operations-%s-%s".formatted(tag, operation);
    browser.click(By.cssSelector(block + " .execute"));
    String status = browser
        .shown(By.cssSelector(block + " .live-responses-table tbody .response-col_status"))
        .getText();
    assertThat(status).isIn("200", "201");
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.originsCalled()).isEqualTo(List.of(system.uri().toString()));
  }

  @Test
  void whoSignsOutIsNobodyAfterAReload() {
    browser.click(button("be alice"));
    browser.awaitText(CALLER, "You are user alice");
    browser.click(button("Sign out"));
    browser.awaitText(CALLER, "You are not signed in.");
    reload();
    browser.awaitText(CALLER, "You are not signed in.");
  }

  private void signIn(String token) {
    browser.shown(By.id("token")).sendKeys(token);
    browser.click(button("Sign in"));
  }

  @Test
  void aTokenInTheFieldSignsIn() {
    signIn(system.operatorToken("otto"));
    browser.awaitText(CALLER, "You are operator otto");
  }

  @Test
  void aGroupCountsInATokenForTheConsoleOnly() {
    Duration hour = Duration.ofHours(1);
    signIn(system.supportToken("sue"));
    browser.awaitText(CALLER, "You are support sue");
    signIn(system.issuer().consoleToken("otto", List.of("operators"), hour));
    browser.awaitText(CALLER, "You are operator otto");
    signIn(system.issuer().userToken("otto", List.of("operators"), hour));
    browser.awaitText(CALLER, "You are user otto");
  }

  @Test
  void aTokenThatHasExpiredIsSaidToHave() {
    signIn(expiredToken());
    browser.awaitText(CALLER, "The token of user alice has expired");
  }

  private String expiredToken() {
    return system.issuer().userToken("alice", Duration.ofSeconds(-5));
  }

  @Test
  void aPhoneNeedsNotScrollSideways() {
    browser.resize(390, 844);
    reload();
    assertThat(browser.number("return innerWidth")).isEqualTo(390);
    assertThat(browser.number("return document.documentElement.scrollWidth")).isEqualTo(390);
  }

  @Test
  void everyFieldAndButtonOfTheHeadHasAName() {
    assertThat(browser.all(By.cssSelector("#signing-in input, #signing-in button")))
        .isNotEmpty()
        .filteredOn(it -> it.isDisplayed())
        .noneMatch(it -> String.valueOf(it.getAccessibleName()).isBlank());
  }
}
