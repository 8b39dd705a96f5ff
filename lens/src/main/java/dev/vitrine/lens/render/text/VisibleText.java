package dev.vitrine.lens.render.text;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Names from files, made safe to display: characters that control a terminal, break a line or change text direction are
 * replaced by their codes, such as {@code \}{@code u001b}, as in JSON. Text of visible characters is unchanged.
 */
public final class VisibleText {
    private static final int LONGEST = 4000;

    /** No file name is longer; a path has separators. */
    private static final int LONGEST_NAME = 300;

    private static final Pattern NAME = Pattern.compile("[^\\s/]{" + (LONGEST_NAME + 1) + ",}");

    /** Joins emoji and letters of some scripts. */
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;

    private VisibleText() {}

    /** One line of limited length: line feeds are escaped too, and the middle of long texts is elided. */
    public static String line(String text) {
        String shortened = NAME.matcher(shortened(text, LONGEST))
                .replaceAll(found -> Matcher.quoteReplacement(shortened(found.group(), LONGEST_NAME)));
        return shown(shortened, "");
    }

    /** Text with line feeds and tabs kept. */
    public static String page(String text) {
        return shown(text, "\n\t");
    }

    private static String shown(String text, String kept) {
        if (text.codePoints().noneMatch(code -> isHidden(code) && kept.indexOf(code) < 0)) {
            return text;
        }
        StringBuilder shown = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(code -> {
            if (isHidden(code) && kept.indexOf(code) < 0) {
                shown.append(code(code));
            } else {
                shown.appendCodePoint(code);
            }
        });
        return shown.toString();
    }

    private static String code(int code) {
        return switch (code) {
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default ->
                new String(Character.toChars(code))
                        .chars()
                        .mapToObj(unit -> String.format(Locale.ROOT, "\\u%04x", unit))
                        .collect(Collectors.joining());
        };
    }

    /** Whether a character is a control rather than visible. */
    private static boolean isHidden(int code) {
        return switch (Character.getType(code)) {
            case Character.CONTROL, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE ->
                true;
            case Character.FORMAT -> code != ZERO_WIDTH_JOINER && code != ZERO_WIDTH_NON_JOINER;
            default -> false;
        };
    }

    private static String shortened(String text, int longest) {
        if (text.length() <= longest) {
            return text;
        }
        int head = whole(text, longest / 2);
        int tail = whole(text, text.length() - longest / 4);
        return text.substring(0, head) + "… " + (tail - head) + " characters …" + text.substring(tail);
    }

    /** A place between two characters. */
    private static int whole(String text, int place) {
        return Character.isLowSurrogate(text.charAt(place)) ? place + 1 : place;
    }
}
