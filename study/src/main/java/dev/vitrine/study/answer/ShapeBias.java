package dev.vitrine.study.answer;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.study.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a subject goes by shape or by texture, where pictures have the shape of one class and the texture of another:
 * {@code shape bias = shape / (shape + texture)} over answers that name either. Geirhos et al. 2019, arXiv:1811.12231.
 *
 * @param pictures with conflicting cues; others are left out
 * @param agreeing pictures whose shape and texture are of the same class
 * @param shape number of answers that name the class of the shape
 * @param texture number of answers that name the class of the texture
 * @param other all other answers
 * @param shapeBias empty if no answer names either class
 * @param interval of the shape bias, Wilson's, 95 %
 * @param byClass the same for the pictures of each class of shapes, without classes of their own
 */
public record ShapeBias(
        String subject,
        int pictures,
        int agreeing,
        int shape,
        int texture,
        int other,
        Optional<Double> shapeBias,
        Optional<Interval> interval,
        List<OfClass> byClass) {
    /** Shape bias for pictures of one class of shapes. */
    public record OfClass(
            String category, int pictures, int shape, int texture, int other, Optional<Double> shapeBias) {}

    /** As in {@code 0001_cat7-elephant1.png}: anything up to an underscore, the shape, the texture. */
    private static final Pattern NAME = Pattern.compile("(?:.*[_/\\\\])?([^_/\\\\]+)-([^-_/\\\\.]+)(?:\\..*)?");

    /** Of each subject, in the order of their first answers. */
    public static List<ShapeBias> of(List<Answer> answers) {
        Map<String, List<Answer>> bySubject = new LinkedHashMap<>();
        for (Answer answer : answers) {
            bySubject
                    .computeIfAbsent(answer.subject(), unused -> new ArrayList<>())
                    .add(answer);
        }
        return bySubject.entrySet().stream()
                .map(entry -> of(entry.getKey(), entry.getValue()))
                .toList();
    }

    private static ShapeBias of(String subject, List<Answer> answers) {
        Map<String, Tally> classes = new TreeMap<>();
        Tally all = new Tally();
        int agreeing = 0;
        for (Answer answer : answers) {
            String texture = texture(answer.picture());
            if (texture.equals(answer.category())) {
                agreeing++;
            } else {
                all.add(answer, texture);
                classes.computeIfAbsent(answer.category(), unused -> new Tally())
                        .add(answer, texture);
            }
        }
        List<OfClass> byClass = classes.entrySet().stream()
                .map(entry -> new OfClass(
                        entry.getKey(),
                        entry.getValue().pictures(),
                        entry.getValue().shape,
                        entry.getValue().texture,
                        entry.getValue().other,
                        entry.getValue().bias()))
                .toList();
        return new ShapeBias(
                subject,
                all.pictures(),
                agreeing,
                all.shape,
                all.texture,
                all.other,
                all.bias(),
                all.bias().map(share -> Interval.ofShare(share, all.shape + all.texture)),
                byClass);
    }

    private static String texture(String picture) {
        Matcher name = NAME.matcher(picture);
        String texture = name.matches() ? name.group(2).replaceAll("[0-9]", "") : "";
        if (texture.isEmpty()) {
            throw VitrineException.failure("Found the picture '" + picture
                    + "'; expected a name with its shape and its texture, such as cat7-elephant1.png.");
        }
        return texture;
    }

    private static final class Tally {
        private int shape;
        private int texture;
        private int other;

        void add(Answer answer, String ofTexture) {
            if (answer.isCorrect()) {
                shape++;
            } else if (answer.response().equals(ofTexture)) {
                texture++;
            } else {
                other++;
            }
        }

        int pictures() {
            return shape + texture + other;
        }

        Optional<Double> bias() {
            return shape + texture == 0 ? Optional.empty() : Optional.of((double) shape / (shape + texture));
        }
    }
}
