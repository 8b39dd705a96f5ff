package dev.vitrine.lens.setting;

/** A value with a name that users type and read. */
public interface Labeled {
    String label();
}
