package dev.vitrine.app.folder;

import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Beginnings of file names for pictures, each given once. */
public final class Stems {
    private static final int LONGEST = 60;

    private final Set<String> given = new HashSet<>();

    /** Of a picture's name without folder and ending; a number follows where it was given before. */
    public String of(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        String slug = slug(dot > 0 ? last.substring(0, dot) : last);
        String stem = slug.isEmpty() ? "picture" : slug;
        String free = stem;
        for (int number = 2; !given.add(free); number++) {
            free = stem + "-" + number;
        }
        return free;
    }

    /** Lower-case letters, digits and dashes. */
    public static String slug(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
        String dashed = plain.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-|-$", "");
        return dashed.length() <= LONGEST
                ? dashed
                : dashed.substring(0, LONGEST).replaceAll("-$", "");
    }
}
