package io.fleetwell.device;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fleetwell.device.Tree.Leaf;
import io.fleetwell.failure.Failure;
import io.fleetwell.json.Json;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The details of a device, in two documents that have no leaf in common. A leaf is anything but an object.
 *
 * <p>Some details are facts about the device itself, the others are personal. A user never changes or removes a fact that
 * was told. Of a personal leaf, the last writer wins.
 *
 * @param told what the device, an operator or the factory said; never changed in place
 * @param words what the owner said or, while nobody owns the device, users with authority; never changed in place
 * @param authors the users who wrote a top-level field of {@code words}; each field has at least one
 */
record DeviceDetails(ObjectNode told, ObjectNode words, Map<String, Set<String>> authors) {
  static final DeviceDetails NONE = new DeviceDetails(Json.object(), Json.object(), Map.of());

  /**
   * An author of a field that an earlier release stored without saying which users wrote it. No user's id is empty.
   */
  static final String UNKNOWN_AUTHOR = "";

  private static final String VERSION_INFO = "versioninfo";

  /** The version that the device runs. */
  static final List<String> FIRMWARE_VERSION = List.of(VERSION_INFO, "firmware");

  /** Top-level fields that are facts, with all that is in them. */
  private static final Set<String> FACTS = Set.of(
      "devicetype",
      "brand",
      "serial",
      "devicemanufacturer",
      "platform",
      "platformversion",
      "region",
      VERSION_INFO,
      "power");

  /**
   * The facts that decide which firmware a device gets. A device tells them whenever it sends them, even if a user said
   * the same before. Otherwise a bystander who guesses right could keep a device from telling them.
   */
  private static final Set<List<String>> DECISIVE =
      Set.of(List.of("devicetype"), List.of("region"), List.of("serial"), FIRMWARE_VERSION);

  DeviceDetails {
    // An empty object adds nothing where the other document has an object too. The two are stored
    // as one.
    words = Tree.withoutEmpty(words, told);
    told = Tree.without(told, words);
    Map<String, Set<String>> writers = new HashMap<>();
    for (String field : Tree.names(words)) {
      writers.put(field, Set.copyOf(authors.getOrDefault(field, Set.of(UNKNOWN_AUTHOR))));
    }
    authors = Map.copyOf(writers);
  }

  /**
   * Details that an earlier release stored in one document. Every field with an author is a user's word, except the version
   * that the device runs. It counts as told, or a whole fleet would be offered old firmware after an upgrade.
   */
  static DeviceDetails ofEarlierRelease(ObjectNode shown, Map<String, Set<String>> authors) {
    ObjectNode words = shown.deepCopy().retain(authors.keySet());
    Tree.remove(words, FIRMWARE_VERSION);
    if (words.path(VERSION_INFO).isEmpty()) {
      words.remove(VERSION_INFO);
    }
    return new DeviceDetails(Tree.without(shown, words), words, authors);
  }

  static boolean isFact(String field) {
    return FACTS.contains(field);
  }

  /** The names of the facts. */
  static Set<String> factNames() {
    return FACTS;
  }

  /** What a caller sees of the record: both documents in one. */
  ObjectNode shown() {
    return Tree.union(told, words);
  }

  /** The facts that were told. */
  ObjectNode toldFacts() {
    return facts(told);
  }

  /** The facts that were told and, for the rest, those that users said. */
  ObjectNode facts() {
    return facts(shown());
  }

  private static ObjectNode facts(ObjectNode document) {
    return document.deepCopy().retain(FACTS);
  }

  boolean isEmpty() {
    return told.isEmpty() && words.isEmpty();
  }

  /**
   * After a merge patch (RFC 7396) from the device, an operator or the factory. A value that is shown already changes
   * nothing, so a caller who reads the record and sends it back does not take over the words of users.
   *
   * @param byDevice whether the device itself sent the patch
   * @throws Failure {@code TOO_LARGE}
   */
  DeviceDetails told(ObjectNode patch, boolean byDevice) {
    ObjectNode newTold = told.deepCopy();
    ObjectNode newWords = words.deepCopy();
    for (Leaf leaf : Tree.leaves(patch)) {
      if (leaf.value().isNull()) {
        Tree.remove(newTold, leaf.path());
        Tree.remove(newWords, leaf.path());
        makeParent(leaf, newTold, newWords, newTold);
      } else if ((byDevice && DECISIVE.contains(leaf.path()))
          || !isShown(leaf, newTold, newWords)) {
        Tree.clear(newWords, leaf.path());
        Tree.put(newTold, leaf);
      }
    }
    DeviceDetails after = new DeviceDetails(newTold, newWords, authors);
    DetailsLimits.require(after.told, told);
    return after;
  }

  /**
   * With these facts, unless they were told before, so a repeated line of the factory changes nothing. A told fact replaces
   * a user's word in the same place.
   */
  DeviceDetails toldFirst(ObjectNode facts) {
    ObjectNode newTold = told.deepCopy();
    ObjectNode newWords = words.deepCopy();
    for (Leaf leaf : Tree.leaves(facts)) {
      boolean adds = !leaf.value().isObject() || !isShown(leaf, newTold, newWords);
      if (adds && !isToldFact(leaf)) {
        Tree.clear(newWords, leaf.path());
        Tree.put(newTold, leaf);
      }
    }
    DeviceDetails after = new DeviceDetails(newTold, newWords, authors);
    DetailsLimits.require(after.told, told);
    return after;
  }

  /**
   * After a merge patch from a user with authority. A told fact stays as it was. It is empty if the words of all users
   * together have no room.
   */
  Optional<DeviceDetails> said(ObjectNode patch, String user) {
    DeviceDetails after = withWords(patch, user);
    boolean hasRoom =
        DetailsLimits.hasRoom(after.words, words) && DetailsLimits.hasRoom(after.authors, authors);
    return hasRoom ? Optional.of(after) : Optional.empty();
  }

  private DeviceDetails withWords(ObjectNode patch, String user) {
    ObjectNode newTold = told.deepCopy();
    ObjectNode newWords = words.deepCopy();
    Map<String, Set<String>> writers = new HashMap<>(authors);
    for (Leaf leaf : Tree.leaves(patch)) {
      if (leaf.value().isNull()) {
        erase(leaf, newTold, newWords);
      } else if (!isToldFact(leaf) && !isShown(leaf, newTold, newWords)) {
        boolean merges = leaf.path().size() > 1 && newWords.path(leaf.field()).isObject();
        Set<String> others = merges ? writers.getOrDefault(leaf.field(), Set.of()) : Set.of();
        writers.put(leaf.field(), with(others, user));
        Tree.clear(newTold, leaf.path());
        Tree.put(newWords, leaf);
      }
    }
    Tree.names(newWords).forEach(field -> writers.putIfAbsent(field, Set.of(user)));
    return new DeviceDetails(newTold, newWords, writers);
  }

  private static Set<String> with(Set<String> users, String user) {
    Set<String> all = new HashSet<>(users);
    all.add(user);
    return all;
  }

  /** Removes a leaf, or all below it, at a user's request: a fact from the words only. */
  private void erase(Leaf leaf, ObjectNode newTold, ObjectNode newWords) {
    Tree.remove(newWords, leaf.path());
    if (!isFact(leaf)) {
      Tree.remove(newTold, leaf.path());
    }
    if (!isToldFact(leaf)) {
      makeParent(leaf, newTold, newWords, newWords);
    }
  }

  /** RFC 7396 makes an object, in place of a leaf too, even for a field to be removed from it. */
  private static void makeParent(Leaf leaf, ObjectNode told, ObjectNode words, ObjectNode in) {
    List<String> parent = leaf.path().subList(0, leaf.path().size() - 1);
    if (!parent.isEmpty() && !Tree.hasObject(told, parent) && !Tree.hasObject(words, parent)) {
      Tree.clear(told, parent);
      Tree.clear(words, parent);
      Tree.putObject(in, parent);
    }
  }

  private static boolean isShown(Leaf leaf, ObjectNode told, ObjectNode words) {
    return leaf.value().isObject()
        ? Tree.hasObject(told, leaf.path()) || Tree.hasObject(words, leaf.path())
        : leaf.value().equals(Tree.at(told, leaf.path()))
            || leaf.value().equals(Tree.at(words, leaf.path()));
  }

  private static boolean isFact(Leaf leaf) {
    return isFact(leaf.field());
  }

  private boolean isToldFact(Leaf leaf) {
    return isFact(leaf)
        && (Tree.at(told, leaf.path()) != null || Tree.hasLeafOn(told, leaf.path()));
  }

  /**
   * After a claim: told facts stay, and the words are those of the claimer's registration, as if sent at that moment.
   *
   * @param registration all that the claimer sent
   */
  DeviceDetails claimed(String user, ObjectNode registration) {
    return new DeviceDetails(told, Json.object(), Map.of()).withWords(registration, user);
  }

  /** After the end of an ownership: only told facts are left. */
  DeviceDetails released() {
    return new DeviceDetails(toldFacts(), Json.object(), Map.of());
  }

  /** Without the fields that only this user wrote. */
  DeviceDetails withoutAuthor(String user) {
    ObjectNode rest = words.deepCopy();
    Map<String, Set<String>> others = new HashMap<>();
    authors.forEach((field, users) -> {
      Set<String> left = new HashSet<>(users);
      left.remove(user);
      if (left.isEmpty()) {
        rest.remove(field);
      } else {
        others.put(field, left);
      }
    });
    return new DeviceDetails(told, rest, others);
  }
}
