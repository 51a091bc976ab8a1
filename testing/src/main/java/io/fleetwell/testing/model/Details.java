package io.fleetwell.testing.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The two documents of a device's record. They have no leaf in common.
 *
 * @param told by the device, operators and the factory
 * @param words of the owner or, while nobody owns the device, of users with authority
 * @param authors the users who wrote each top-level field of the words
 */
record Details(ObjectNode told, ObjectNode words, Map<String, Set<String>> authors) {
  static final Details NONE = new Details(Documents.empty(), Documents.empty(), Map.of());

  /** What a device attests even if a user said the same. */
  private static final Set<String> ATTESTED =
      Set.of("/devicetype", "/region", "/serial", "/versioninfo/firmware");

  Details {
    told = withoutEmptyBeside(words, told);
    words = withoutEmptyBeside(told, words);
    Map<String, Set<String>> ofWords = new HashMap<>(authors);
    ofWords
        .keySet()
        .retainAll(words.properties().stream().map(Map.Entry::getKey).toList());
    authors = Map.copyOf(ofWords);
  }

  /** An object that is empty in one document and is in the other too is the other's alone; if empty in both, the words'. */
  private static ObjectNode withoutEmptyBeside(ObjectNode other, ObjectNode document) {
    ObjectNode kept = Documents.empty();
    document.properties().forEach(field -> {
      String name = field.getKey();
      if (!(field.getValue() instanceof ObjectNode object)
          || !(other.get(name) instanceof ObjectNode beside)) {
        kept.set(name, field.getValue());
        return;
      }
      ObjectNode inner = withoutEmptyBeside(beside, object);
      if (!inner.isEmpty()) {
        kept.set(name, inner);
      }
    });
    return kept;
  }

  boolean isEmpty() {
    return told.isEmpty() && words.isEmpty();
  }

  /** What callers see. */
  ObjectNode shown() {
    return Documents.merge(told, words);
  }

  /** The facts that decide what the device installs. */
  ObjectNode effective(boolean isOwned) {
    ObjectNode toldFacts = Documents.facts(told);
    return isOwned ? Documents.merge(Documents.facts(words), toldFacts) : toldFacts;
  }

  Details toldByDevice(ObjectNode patch) {
    return told(patch, ATTESTED::contains);
  }

  /** An operator attests only what they change. */
  Details toldByOperator(ObjectNode patch) {
    return told(patch, path -> false);
  }

  /** The factory attests all that is not told yet, and changes nothing that is. */
  Details toldByFactory(ObjectNode facts) {
    return told(Documents.merge(facts, Documents.facts(told)), path -> true);
  }

  private Details told(ObjectNode patch, Predicate<String> attests) {
    Write write = Write.byOthers(this, attests).merge(patch, shown());
    return new Details(write.own(), write.other(), authors);
  }

  /** After a user with authority sent a patch. */
  Details saidBy(String user, ObjectNode patch) {
    Write write = Write.byUser(this).merge(patch, shown());
    Map<String, Set<String>> noted = new HashMap<>(authors);
    for (Map.Entry<String, JsonNode> field : write.own().properties()) {
      String name = field.getKey();
      JsonNode before = words.path(name);
      if (before.isObject() && field.getValue().isObject()) {
        if (hasMore(field.getValue(), before)) {
          Set<String> both = new TreeSet<>(noted.getOrDefault(name, Set.of()));
          both.add(user);
          noted.put(name, both);
        }
      } else if (!before.equals(field.getValue())) {
        noted.put(name, Set.of(user));
      }
    }
    return new Details(write.other(), write.own(), noted);
  }

  /** Whether a value has a leaf that another one lacks. */
  private static boolean hasMore(JsonNode value, JsonNode other) {
    if (!value.isObject() || !other.isObject()) {
      return !value.equals(other);
    }
    return value.properties().stream()
        .anyMatch(field -> hasMore(field.getValue(), other.path(field.getKey())));
  }

  /** After a claim by a user who had sent this: as if it were sent now, and nobody had said a word before. */
  Details claimedBy(String user, ObjectNode sent) {
    return new Details(told, Documents.empty(), Map.of()).saidBy(user, sent);
  }

  /** After the end of an ownership: by a release, by taking back or by an eviction. */
  Details released() {
    return new Details(Documents.facts(told), Documents.empty(), Map.of());
  }

  /** Without what only this user wrote. */
  Details without(String user) {
    ObjectNode kept = words.deepCopy();
    Map<String, Set<String>> others = new HashMap<>();
    authors.forEach((field, users) -> {
      Set<String> left = new TreeSet<>(users);
      left.remove(user);
      if (left.isEmpty()) {
        kept.remove(field);
      } else {
        others.put(field, left);
      }
    });
    return new Details(told, kept, others);
  }

  /**
   * A write to one of the two documents, and what it removes from the other. A fact in the other document stays there if
   * a user writes.
   *
   * @param own the document of the writer; changed in place
   * @param other changed in place
   * @param attests the leaves that are written even if the same is shown, by their paths
   */
  private record Write(
      ObjectNode own, ObjectNode other, boolean byUser, Predicate<String> attests) {

    static Write byUser(Details before) {
      return new Write(before.words.deepCopy(), before.told.deepCopy(), true, path -> false);
    }

    static Write byOthers(Details before, Predicate<String> attests) {
      return new Write(before.told.deepCopy(), before.words.deepCopy(), false, attests);
    }

    Write merge(ObjectNode patch, ObjectNode shown) {
      new Place(own, other, shown, "").merge(patch);
      return this;
    }

    /** The same object in both documents and in what is shown. */
    private final class Place {
      private final ObjectNode inOwn;
      private final ObjectNode inOther;
      private final JsonNode shown;
      private final String path;

      Place(ObjectNode inOwn, ObjectNode inOther, JsonNode shown, String path) {
        this.inOwn = inOwn;
        this.inOther = inOther;
        this.shown = shown;
        this.path = path;
      }

      void merge(ObjectNode patch) {
        patch.properties().forEach(field -> merge(field.getKey(), field.getValue()));
      }

      private void merge(String name, JsonNode value) {
        if (value.isNull()) {
          inOwn.remove(name);
          if (!isKept(name)) {
            inOther.remove(name);
          }
        } else if (value instanceof ObjectNode object) {
          mergeObject(name, object);
        } else if (!isKept(name)
            && (!value.equals(shown.path(name)) || attests.test(path + "/" + name))) {
          inOwn.set(name, value);
          inOther.remove(name);
        }
      }

      private void mergeObject(String name, ObjectNode patch) {
        if (!inOther.path(name).isObject()) {
          if (isKept(name)) {
            return;
          }
          inOther.remove(name);
        }
        ObjectNode ownObject = objectOrEmpty(inOwn.get(name));
        ObjectNode otherObject = objectOrEmpty(inOther.get(name));
        JsonNode shownObject = shown.path(name);
        new Place(ownObject, otherObject, shownObject, path + "/" + name).merge(patch);
        if (!shownObject.isObject() || !ownObject.isEmpty()) {
          inOwn.set(name, ownObject);
        }
      }

      /** Whether it is a fact in the other document, which a user neither changes nor removes. */
      private boolean isKept(String name) {
        return byUser
            && inOther.has(name)
            && Documents.isFact(path.isEmpty() ? name : path.split("/", 3)[1]);
      }

      private static ObjectNode objectOrEmpty(@Nullable JsonNode node) {
        return node instanceof ObjectNode object ? object : Documents.empty();
      }
    }
  }
}
