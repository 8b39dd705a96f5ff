package dev.vitrine.study.answer;

import dev.vitrine.engine.VitrineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The classes of a cue-conflict picture, as its name gives them: {@code 0001_cat7-elephant1.png} has the shape of a cat
 * and the texture of an elephant. Geirhos et al. 2019, arXiv:1811.12231.
 */
public record CueName(String shape, String texture) {
    /** Anything up to an underscore, the shape, the texture, anything from a dot. */
    private static final Pattern NAME = Pattern.compile("(?:.*[_/\\\\])?([^_/\\\\]+)-([^-_/\\\\.]+)(?:\\..*)?");

    /** @throws VitrineException of kind FAILURE if the name has no two parts */
    public static CueName of(String picture) {
        Matcher name = NAME.matcher(picture);
        CueName found =
                name.matches() ? new CueName(letters(name.group(1)), letters(name.group(2))) : new CueName("", "");
        if (found.shape.isEmpty() || found.texture.isEmpty()) {
            throw VitrineException.failure("Found the picture '" + picture
                    + "'; expected a name with its shape and its texture, such as cat7-elephant1.png.");
        }
        return found;
    }

    private static String letters(String part) {
        return part.replaceAll("[0-9]", "");
    }
}
