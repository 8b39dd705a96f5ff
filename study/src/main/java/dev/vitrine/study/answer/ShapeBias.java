package dev.vitrine.study.answer;

import dev.vitrine.study.Interval;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

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
            String texture = CueName.of(answer.picture()).texture();
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
