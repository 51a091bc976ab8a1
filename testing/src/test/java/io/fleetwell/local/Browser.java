package io.fleetwell.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import org.junit.jupiter.api.Assumptions;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** Chromium, whose pages a test reads and clicks. Needs Chromium and its driver; skipped without them. */
final class Browser implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final ChromeDriver driver;
  private final WebDriverWait wait;

  private Browser(ChromeDriver driver) {
    this.driver = driver;
    this.wait = new WebDriverWait(driver, PATIENCE);
  }

  /**
   * Starts a browser with a window of 1280 by 800 pixels.
   *
   * @param options more options of Chromium
   */
  static Browser start(String... options) {
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    ChromeOptions chrome = new ChromeOptions();
    chrome.setBinary(require("chromium").toFile());
    chrome.addArguments("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars");
    chrome.addArguments("--disable-background-networking", "--disable-component-update");
    chrome.addArguments(options);
    chrome.setCapability(ChromeOptions.LOGGING_PREFS, logs);
    Path program = require("chromedriver");
    ChromeDriver driver = new ChromeDriver(
        new ChromeDriverService.Builder()
            .usingDriverExecutable(program.toFile())
            .build(),
        chrome);
    Browser browser = new Browser(driver);
    browser.resize(1280, 800);
    return browser;
  }

  /** The path of a program. Skips the test that needs it if it is not installed. */
  private static Path require(String name) {
    Optional<Path> program = Arrays.stream(System.getenv("PATH").split(":"))
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
    Assumptions.assumeTrue(program.isPresent(), name + " is not on the path");
    return program.orElseThrow();
  }

  /** Gives pages this room. */
  void resize(int width, int height) {
    driver.manage().window().setSize(new Dimension(width, height));
    long chrome = height - number("return innerHeight");
    driver.manage().window().setSize(new Dimension(width, (int) (height + chrome)));
  }

  /** Opens a page, and waits for an element. */
  void open(String address, By element) {
    driver.get(address);
    shown(element);
  }

  /** Waits for an element, and returns it. */
  WebElement shown(By element) {
    return Objects.requireNonNull(
        wait.until(ExpectedConditions.visibilityOfElementLocated(element)));
  }

  /** Waits until an element has a text in it. */
  void awaitText(By element, String text) {
    wait.until(ExpectedConditions.textToBePresentInElementLocated(element, text));
  }

  List<WebElement> all(By elements) {
    return driver.findElements(elements);
  }

  void click(By element) {
    WebElement clicked = shown(element);
    run("arguments[0].scrollIntoView({block: 'center'})", clicked);
    clicked.click();
  }

  /** The result of a script. */
  Object run(String script, Object... arguments) {
    return Objects.requireNonNullElse(
        ((JavascriptExecutor) driver).executeScript(script, arguments), "");
  }

  long number(String script, Object... arguments) {
    return ((Number) run(script, arguments)).longValue();
  }

  /** The origins from which pages loaded something since the last page was opened. */
  List<?> originsCalled() {
    return (List<?>)
        run(
            "return [...new Set(performance.getEntriesByType('resource').map(it => new URL(it.name).origin))]");
  }

  /** What pages reported since the last call: errors of scripts, refused policies, failed requests. */
  List<String> errors() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .map(LogEntry::getMessage)
        .toList();
  }

  @Override
  public void close() {
    driver.quit();
  }
}
