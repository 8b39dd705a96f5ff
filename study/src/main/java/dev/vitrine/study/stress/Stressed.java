package dev.vitrine.study.stress;

import dev.vitrine.study.page.ExplanationPage.Bar;
import java.util.ArrayList;
import java.util.List;

/** What a network says of pictures that were changed. */
public record Stressed(List<Of> pictures) {
    public Stressed {
        pictures = List.copyOf(pictures);
    }

    /**
     * One picture.
     *
     * @param index in the list of pictures
     * @param target the likeliest class of the picture itself
     * @param runs where the object is: lengths of runs of pixels row by row, first outside it, then inside, and so on
     * @param answers of the picture itself and of its changes, in the order of {@link StressStudy#variants}
     */
    public record Of(int index, String name, int target, List<Integer> runs, List<Answered> answers) {
        public Of {
            runs = List.copyOf(runs);
            answers = List.copyOf(answers);
        }

        /** One entry a pixel, row by row. */
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
     * What the network says of a changed picture.
     *
     * @param target probability of the picture's own class, 0..1, or its number
     * @param top the likeliest classes
     */
    public record Answered(String id, String title, double target, List<Bar> top) {
        public Answered {
            top = List.copyOf(top);
        }
    }
}
