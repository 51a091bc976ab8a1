package io.fleetwell.device;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  /** The examples of RFC 7396, appendix A, whose target and patch are objects. */
  @ParameterizedTest(name = "{0} patched by {1} is {2}")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'a':'b'}           | {'a':'c'}           | {'a':'c'}",
        "{'a':'b'}           | {'b':'c'}           | {'a':'b','b':'c'}",
        "{'a':'b'}           | {'a':null}          | {}",
        "{'a':'b','b':'c'}   | {'a':null}          | {'b':'c'}",
        "{'a':['b']}         | {'a':'c'}           | {'a':'c'}",
        "{'a':'c'}           | {'a':['b']}         | {'a':['b']}",
        "{'a':{'b':'c'}}     | {'a':{'b':'d','c':null}} | {'a':{'b':'d'}}",
        "{'a':[{'b':'c'}]}   | {'a':[1]}           | {'a':[1]}",
        "{'e':null}          | {'a':1}             | {'e':null,'a':1}",
        "{}                  | {'a':{'bb':{'ccc':null}}} | {'a':{'bb':{}}}"
      })
  void examplesOfTheRfcGiveItsResults(String target, String patch, String result) throws Exception {
    assertThat(MergePatch.apply(object(target), object(patch))).isEqualTo(object(result));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = "{'a':{'b':1}} | {'a':{'b':2,'c':{'d':3}}}")
  void neitherArgumentIsChanged(String targetText, String patchText) throws Exception {
    ObjectNode target = object(targetText);
    ObjectNode patch = object(patchText);
    ((ObjectNode) MergePatch.apply(target, patch).get("a")).removeAll();
    assertThat(target).isEqualTo(object(targetText));
    assertThat(patch).isEqualTo(object(patchText));
  }

  private static ObjectNode object(String text) throws Exception {
    return (ObjectNode) new JsonMapper().readTree(text.replace('\'', '"'));
  }
}
