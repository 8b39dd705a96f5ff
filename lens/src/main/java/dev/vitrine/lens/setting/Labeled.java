package dev.vitrine.lens.setting;

/** A value that has a name of its own, which people type and read. */
public interface Labeled {
    String label();
}
