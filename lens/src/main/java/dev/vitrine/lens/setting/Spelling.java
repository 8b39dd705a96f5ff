package dev.vitrine.lens.setting;

/** The spelling of options, cards and recipes is American; British spelling is understood. */
public final class Spelling {
    private Spelling() {}

    /** Such as {@code color} for {@code colour}. */
    public static String american(String word) {
        return word.replace("colour", "color").replace("grey", "gray").replace("licence", "license");
    }
}
