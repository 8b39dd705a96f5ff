package dev.vitrine.study.stress;

import dev.vitrine.lens.data.Picture;
import dev.vitrine.study.page.ExplanationPage.Bar;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Predictions for modified pictures. */
public record Stressed(List<Of> pictures) {
    public Stressed {
        pictures = List.copyOf(pictures);
    }

    /**
     * One picture.
     *
     * @param index in the list of pictures
     * @param target the predicted class of the original
     * @param runs run-length mask of the object: run lengths of pixels row by row, alternating outside and inside
     * @param textures synthesized from the object's surface and from the given texture
     * @param answers for the original and its variants, in the order of {@link StressStudy#variants}
     */
    public record Of(
            int index, String name, int target, List<Integer> runs, List<Woven> textures, List<Answered> answers) {
        public Of {
            runs = List.copyOf(runs);
            textures = List.copyOf(textures);
            answers = List.copyOf(answers);
        }

        /** One entry per pixel, row by row. */
        boolean[] object() {
            boolean[] object =
                    new boolean[runs.stream().mapToInt(Integer::intValue).sum()];
            int at = 0;
            boolean inside = false;
            for (int run : runs) {
                for (int end = at + run; at < end; at++) {
                    object[at] = inside;
                }
                inside = !inside;
            }
            return object;
        }
    }

    /**
     * A generated picture.
     *
     * @param rgb three bytes per pixel, base64-encoded
     */
    public record Woven(int width, int height, String rgb) {
        Picture picture() {
            return Picture.of(width, height, Base64.getDecoder().decode(rgb));
        }

        private static Woven of(Picture picture) {
            byte[] rgb = new byte[3 * picture.width() * picture.height()];
            for (int index = 0; index < rgb.length; index += 3) {
                int color = picture.color(index / 3 % picture.width(), index / 3 / picture.width());
                rgb[index] = (byte) (color >> 16);
                rgb[index + 1] = (byte) (color >> 8);
                rgb[index + 2] = (byte) color;
            }
            return new Woven(
                    picture.width(), picture.height(), Base64.getEncoder().encodeToString(rgb));
        }
    }

    static List<Woven> stored(List<Picture> pictures) {
        return pictures.stream().map(Woven::of).toList();
    }

    static List<Integer> runs(boolean[] object) {
        List<Integer> runs = new ArrayList<>();
        boolean inside = false;
        int begun = 0;
        for (int at = 0; at <= object.length; at++) {
            if (at == object.length || object[at] != inside) {
                runs.add(at - begun);
                begun = at;
                inside = !inside;
            }
        }
        return runs;
    }

    /**
     * The prediction for a modified picture.
     *
     * @param target probability of the original's class, 0..1, or its raw score
     * @param top the most likely classes
     */
    public record Answered(String id, String title, double target, List<Bar> top) {
        public Answered {
            top = List.copyOf(top);
        }
    }
}
