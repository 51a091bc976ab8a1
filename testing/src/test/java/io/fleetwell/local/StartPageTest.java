package io.fleetwell.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fleetwell.testing.RunningSystem;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.openqa.selenium.By;
import org.openqa.selenium.WebElement;

/** The start page in a browser, on one machine. Needs Chromium and its driver; skipped without them. */
@ExtendWith(RunningSystem.class)
class StartPageTest {
  private static Browser browser;

  private final LocalSystem system;

  StartPageTest(LocalSystem system) {
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

  @BeforeEach
  void open() {
    browser.resize(1280, 800);
    browser.errors();
    browser.open(system.uri() + "/", By.id("here"));
  }

  private static int statusOf(String address) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(address)).build(),
            HttpResponse.BodyHandlers.discarding())
        .statusCode();
  }

  @Test
  void everyLinkLeadsSomewhere() throws Exception {
    List<String> links = browser.all(By.tagName("a")).stream()
        .map(it -> String.valueOf(it.getDomProperty("href")))
        .toList();
    assertThat(links)
        .contains(
            system.uri() + "/docs",
            system.uri() + "/openapi.yaml",
            system.uri() + "/openapi.json",
            system.uri() + "/local/token?user=alice");
    for (String link : links) {
      assertThat(statusOf(link)).as(link).isEqualTo(200);
    }
  }

  @Test
  void theDataAndTheLogsAreWhereItSays() {
    browser.awaitText(By.id("logs"), system.functionLogs().toString());
    browser.awaitText(By.id("data"), String.valueOf(system.functionLogs().getParent()));
  }

  @Test
  void nothingOfTheDeployedPageIsShown() {
    assertThat(browser.all(By.id("deployed"))).noneMatch(WebElement::isDisplayed);
  }

  @Test
  void itReportsNoErrorAndCallsNoOtherHost() {
    browser.awaitText(By.id("logs"), "functions.log");
    assertThat(browser.errors()).isEmpty();
    assertThat(browser.originsCalled()).isEqualTo(List.of(system.uri().toString()));
  }

  @Test
  void aPhoneNeedsNotScrollSideways() {
    browser.resize(390, 844);
    assertThat(browser.number("return innerWidth")).isEqualTo(390);
    assertThat(browser.number("return document.documentElement.scrollWidth")).isEqualTo(390);
  }
}
