package dev.vitrine.study.cue;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.lens.data.PictureList;
import dev.vitrine.study.answer.CueName;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * A picture for the shape and one of another class for the texture.
 *
 * @param file name of the cue-conflict picture, such as {@code cat7-elephant1.png}
 * @param shape index in the list of shapes
 * @param texture index in the list of textures
 */
public record CuePair(String file, int shape, int texture) {
    /** A picture of a class, and its number there. */
    private record Member(int index, int number) {}

    /**
     * Pairs of different classes, those of each two classes as many as of the others as far as there are pictures.
     *
     * @param most maximum number
     * @throws VitrineException of kind USAGE if there are no two classes
     */
    public static List<CuePair> of(PictureList shapes, PictureList textures, int most, long seed) {
        Map<String, List<Member>> byShape = classes(shapes);
        Map<String, List<Member>> byTexture = classes(textures);
        List<List<CuePair>> combinations = new ArrayList<>();
        byShape.forEach((shape, members) -> byTexture.forEach((texture, others) -> {
            if (!shape.equals(texture)) {
                List<CuePair> pairs = new ArrayList<>();
                for (Member one : members) {
                    for (Member other : others) {
                        pairs.add(new CuePair(file(shape, one, texture, other), one.index(), other.index()));
                    }
                }
                Collections.shuffle(pairs, new Random(seed + 31L * shape.hashCode() + texture.hashCode()));
                combinations.add(pairs);
            }
        }));
        if (combinations.isEmpty()) {
            throw VitrineException.usage(
                    "Found shapes of the classes " + byShape.keySet() + " and textures of the classes "
                            + byTexture.keySet() + "; expected two different ones, as CLASS/NAME.jpg or CLASS1.jpg.");
        }
        Collections.shuffle(combinations, new Random(seed));
        List<CuePair> chosen = new ArrayList<>();
        int longest = combinations.stream().mapToInt(List::size).max().orElseThrow();
        for (int round = 0; round < longest; round++) {
            for (List<CuePair> pairs : combinations) {
                if (round < pairs.size() && chosen.size() < most) {
                    chosen.add(pairs.get(round));
                }
            }
        }
        return chosen;
    }

    private static String file(String shape, Member one, String texture, Member other) {
        String file = shape + one.number() + "-" + texture + other.number() + ".png";
        CueName name = CueName.of(file);
        if (!name.equals(new CueName(shape, texture))) {
            throw VitrineException.usage("Found the classes '" + shape + "' and '" + texture
                    + "'; expected names without digits, hyphens, dots and underscores, since the name of a picture,"
                    + " such as cat7-elephant1.png, has both.");
        }
        return file;
    }

    private static Map<String, List<Member>> classes(PictureList pictures) {
        Map<String, List<Member>> classes = new TreeMap<>();
        for (int index = 0; index < pictures.size(); index++) {
            List<Member> members = classes.computeIfAbsent(className(pictures, index), unused -> new ArrayList<>());
            members.add(new Member(index, members.size() + 1));
        }
        return classes;
    }

    /** The folder, or for a picture at the top its name without numbers. */
    private static String className(PictureList pictures, int index) {
        String folder = pictures.className(index);
        return folder.isEmpty()
                ? pictures.name(index).replaceAll("\\.[^.]*$", "").replaceAll("[0-9]+$", "")
                : folder;
    }
}
