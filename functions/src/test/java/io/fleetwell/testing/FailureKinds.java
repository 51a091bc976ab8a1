package io.fleetwell.testing;

import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import io.fleetwell.failure.FailureKind;
import java.lang.reflect.Field;
import java.util.List;

/** All kinds of failure that features declare. */
public final class FailureKinds {
  private FailureKinds() {}

  public static List<FailureKind> all() {
    return new ClassFileImporter()
        .withImportOption(new DoNotIncludeTests()).importPackages("io.fleetwell").stream()
            .flatMap(type -> type.getFields().stream())
            .filter(field -> field.getRawType().isEquivalentTo(FailureKind.class))
            .filter(field -> field.getModifiers().contains(JavaModifier.STATIC))
            .map(FailureKinds::valueOf)
            .toList();
  }

  private static FailureKind valueOf(JavaField constant) {
    try {
      Field field = constant.reflect();
      field.setAccessible(true);
      return (FailureKind) field.get(null);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }
}
