package dev.vitrine.study;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Unique file name stems for pictures. */
public final class Stems {
    /** Two stems and a method's name fit into a file name of 255 characters. */
    private static final int LONGEST_BYTES = 60;

    private final Set<String> given = new HashSet<>();

    /** From a picture's name without folder and extension; a number is appended if it is taken. */
    public String of(String name) {
        String last = name.substring(name.lastIndexOf('/') + 1);
        int dot = last.lastIndexOf('.');
        return free(slug(dot > 0 ? last.substring(0, dot) : last));
    }

    /** A unique stem: the wanted one, with a number appended if it is taken. */
    public String free(String wanted) {
        String stem = wanted.isEmpty() ? "picture" : wanted;
        String free = stem;
        for (int number = 2; !given.add(free); number++) {
            free = stem + "-" + number;
        }
        return free;
    }

    /** Lower-case letters, digits and hyphens. */
    public static String slug(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKD).replaceAll("\\p{M}", "");
        String dashed = plain.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N}]+", "-")
                .replaceAll("^-|-$", "");
        return shortened(Normalizer.normalize(dashed, Normalizer.Form.NFC)).replaceAll("-$", "");
    }

    private static String shortened(String text) {
        int end = 0;
        for (int bytes = 0; end < text.length(); ) {
            int next = text.offsetByCodePoints(end, 1);
            bytes += text.substring(end, next).getBytes(StandardCharsets.UTF_8).length;
            if (bytes > LONGEST_BYTES) {
                break;
            }
            end = next;
        }
        return text.substring(0, end);
    }
}
