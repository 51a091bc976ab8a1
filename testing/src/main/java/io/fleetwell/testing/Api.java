package io.fleetwell.testing;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fleetwell.local.LocalSystem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Predicate;

/**
 * Calls the API over HTTP as a caller, and checks every answer: it conforms to {@code openapi.yaml}, and shows no
 * {@link SecretWord} to others.
 */
public final class Api {
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private static final OpenApiContract CONTRACT = OpenApiContract.read();

  /** Reads numbers exactly: {@code 1.0} differs from {@code 1}. */
  public static final JsonMapper JSON = JsonMapper.builder()
      .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
      .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
      .build();

  private final LocalSystem system;

  public Api(LocalSystem system) {
    this.system = system;
  }

  public LocalSystem system() {
    return system;
  }

  public Caller user(String name) {
    return user(name, system.userToken(name));
  }

  /** A user with a token of their own. */
  public Caller user(String name, String token) {
    return new Caller(Optional.of(token), secret -> secret.isBy(name));
  }

  public Caller device(String deviceId) {
    return device(deviceId, system.deviceToken(deviceId));
  }

  /** A device with a token of its own. */
  public Caller device(String deviceId, String token) {
    return new Caller(Optional.of(token), secret -> secret.isAbout(deviceId));
  }

  public Caller operator() {
    return token(system.operatorToken("olga"));
  }

  public Caller support() {
    return token(system.supportToken("sue"));
  }

  /** A caller who may see every secret word. */
  public Caller token(String token) {
    return new Caller(Optional.of(token), secret -> true);
  }

  public Caller nobody() {
    return new Caller(Optional.empty(), secret -> false);
  }

  /** A name that no other test uses, since all tests share one system. */
  public static String unique(String prefix) {
    return prefix + "-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
  }

  /** Parses JSON written with single quotes. */
  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text.replace('\'', '"'));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The answer to a call. */
  public record Answer(int status, HttpResponse<byte[]> response) {
    public JsonNode json() {
      try {
        return JSON.readTree(response.body());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    public String text() {
      return new String(response.body(), StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    /** The last part of the problem type; empty if the answer is not a problem. */
    public String problem() {
      return header("content-type").equals("application/problem+json")
          ? json().path("type").asText().replace("urn:fleetwell:problem:", "")
          : "";
    }
  }

  /** A caller with a token, or without one. */
  public final class Caller {
    private final Optional<String> token;
    private final Predicate<SecretWord> maySee;
    private final List<String> headers = new ArrayList<>();

    private Caller(Optional<String> token, Predicate<SecretWord> maySee) {
      this.token = token;
      this.maySee = maySee;
    }

    /** The same caller with an additional header. */
    public Caller with(String header, String value) {
      Caller other = new Caller(token, maySee);
      other.headers.addAll(headers);
      other.headers.addAll(List.of(header, value));
      return other;
    }

    public Answer get(String path) {
      return send("GET", path, new byte[0]);
    }

    public Answer delete(String path) {
      return send("DELETE", path, new byte[0]);
    }

    /** A call without a body, such as a claim. */
    public Answer put(String path) {
      return send("PUT", path, new byte[0]);
    }

    /** Sends JSON, written with single quotes. */
    public Answer put(String path, String json) {
      return with("content-type", "application/json")
          .send("PUT", path, bytes(json.replace('\'', '"')));
    }

    public Answer post(String path, String json) {
      return with("content-type", "application/json")
          .send("POST", path, bytes(json.replace('\'', '"')));
    }

    /** Sends lines to the factory's route. JSON may be written with single quotes. */
    public Answer importKeys(String lines) {
      return with("content-type", "application/x-ndjson")
          .send("POST", "/v1/devices/keys", bytes(lines.replace('\'', '"')));
    }

    /** Sends the path and the body unchanged. The path must be percent-encoded. */
    public Answer send(String method, String path, byte[] body) {
      HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(system.uri() + path));
      token.ifPresent(it -> request.header("authorization", "Bearer " + it));
      if (!headers.isEmpty()) {
        request.headers(headers.toArray(String[]::new));
      }
      request.method(
          method, body.length == 0 ? BodyPublishers.noBody() : BodyPublishers.ofByteArray(body));
      try {
        HttpResponse<byte[]> response = CLIENT.send(request.build(), BodyHandlers.ofByteArray());
        CONTRACT.check(method, URI.create(path).getRawPath(), response);
        Answer answer = new Answer(response.statusCode(), response);
        SecretWord.requireNoneBut(maySee, answer.text() + response.headers());
        return answer;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      }
    }

    private static byte[] bytes(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }
  }
}
