package dev.vitrine.study.answer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Shape bias of all subjects of a table of answers. */
public record ShapeBiasReport(List<ShapeBias> subjects) {
    public static ShapeBiasReport of(List<Answer> answers) {
        return new ShapeBiasReport(ShapeBias.of(answers));
    }

    /** The same as text. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        int width = subjects.stream()
                .mapToInt(subject -> subject.subject().length())
                .max()
                .orElse(0);
        for (ShapeBias one : subjects) {
            String bias = one.shapeBias()
                    .map(share -> String.format(
                            Locale.ROOT,
                            "shape bias %5.1f %% (%.1f to %.1f)",
                            100 * share,
                            100 * one.interval().orElseThrow().low(),
                            100 * one.interval().orElseThrow().high()))
                    .orElse("no shape bias: no answer names shape or texture");
            lines.add(String.format(
                    Locale.ROOT,
                    "%-" + Math.max(1, width) + "s  %s  %d shape, %d texture, %d other of %d pictures%s",
                    one.subject(),
                    bias,
                    one.shape(),
                    one.texture(),
                    one.other(),
                    one.pictures(),
                    one.agreeing() > 0 ? "; " + one.agreeing() + " without conflict left out" : ""));
        }
        return lines;
    }
}
