package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.incremental.Change;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * score(x) − score(x with a window covered), for a window at rows and columns 0, s, 2s … that fit. Zeiler and Fergus
 * 2014, arXiv:1311.2901.
 *
 * @param window side in pixels of the network's input; by default a fourteenth of the shorter side
 * @param stride from one window to the next; by default half the window
 * @param baseline fill of the window
 */
public record Occlusion(
        @Setting(
                label = "PIXELS",
                least = 1,
                otherwise = "1/14 of the shorter side of the input",
                meaning = "side of the occluder, in pixels of the network's input")
        OptionalInt window,

        @Setting(
                label = "PIXELS",
                least = 1,
                otherwise = "half of the window",
                meaning = "distance between positions of the occluder, in pixels")
        OptionalInt stride,

        @Setting(label = "WHAT", meaning = "fill of the occluder")
        Baseline baseline,

        @Setting(label = "SHAPE", meaning = "shape of the occluder")
        Shape shape,

        @Setting(label = "WHAT", meaning = "measure of the score change shown in the map")
        Measure measure)
        implements PictureAttribution, BaselineAttribution {
    /** Shape of the occluder. */
    public enum Shape {
        SQUARE,
        /** Pixels whose center is at most half the window from the window's center. */
        DISC
    }

    /** The measure of a window's effect. */
    public enum Measure {
        DROP,
        /** 100 · drop / |score(x)|. */
        PERCENT
    }

    private static final int SHARE = 14;
    private static final int SMALLEST = 4;

    /** Approximate number of windows that cost as much as one whole evaluation. */
    private static final int WINDOWS_AN_EVALUATION = 4;

    public Occlusion() {
        this(OptionalInt.empty(), OptionalInt.empty(), Baseline.GRAY, Shape.SQUARE, Measure.DROP);
    }

    public Occlusion {
        Settings.require(Occlusion.class, window, stride, baseline, shape, measure);
    }

    @Override
    public Traits traits() {
        return new Traits("occlusion", Form.MAP, Reduction.SUM, Sign.SIGNED);
    }

    @Override
    public Map<String, String> optionsOn(Model model) {
        Windows windows = windows(model);
        Map<String, String> options = new LinkedHashMap<>();
        options.put("window", Integer.toString(windows.side()));
        options.put("stride", Integer.toString(windows.stride()));
        options().forEach(options::putIfAbsent);
        return options;
    }

    /** The windows on a model's input. */
    public Windows windows(Model model) {
        int height = model.preprocessing().height();
        int width = model.preprocessing().width();
        int shorter = Math.min(height, width);
        int side = window.orElse(Math.min(shorter, Math.max(SMALLEST, shorter / SHARE)));
        if (side > shorter) {
            throw VitrineException.usage("window " + side + ": the model's input is " + width + "×" + height
                    + " pixels; expected a window that fits into it.");
        }
        return new Windows(height, width, side, stride.orElse(Math.max(1, side / 2)));
    }

    @Override
    public long[] shape(Model model) {
        Windows windows = windows(model);
        return new long[] {1, 1, windows.rows(), windows.columns()};
    }

    @Override
    public Tensor shown(Tensor attribution, Model model) {
        Windows windows = windows(model);
        return Tensor.floats(windows.spread(attribution.toFloats()), 1, 1, windows.height(), windows.width());
    }

    @Override
    public long evaluations(Model model) {
        return Math.max(1, windows(model).count() / WINDOWS_AN_EVALUATION);
    }

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        Windows windows = windows(session.model());
        return new EachPicture(session, objective, (subject, progress) -> {
            List<Change> changes = changes(session, windows, subject.image());
            LocalScores.Scores told =
                    LocalScores.scores(session, objective, subject.image(), subject.target(), changes, progress);
            double factor = measure == Measure.PERCENT ? 100 / Math.abs(subject.score()) : 1;
            float[] drops = new float[windows.count()];
            int done = 0;
            for (int i = 0; i < drops.length; i++) {
                if (told.known()[i]) {
                    drops[i] = (float) (factor * (subject.score() - told.scores()[i]));
                    done++;
                }
            }
            return new EachPicture.Said(Tensor.floats(drops, 1, 1, windows.rows(), windows.columns()), List.of())
                    .after(done, drops.length, "windows");
        });
    }

    /** A picture with each window occluded, in row-major order of windows. */
    List<Change> changes(ModelSession session, Windows windows, Tensor image) {
        Tensor start = BaselineAttribution.of(session, baseline, image);
        Layout layout = session.model().preprocessing().layout();
        float[] picture = image.toFloats();
        float[] cover = start.toFloats();
        int channels = session.model().channels();
        int side = windows.side();
        List<Change> changes = new ArrayList<>();
        for (int place = 0; place < windows.count(); place++) {
            int top = windows.top(place);
            int left = windows.left(place);
            float[] content = new float[channels * side * side];
            for (int i = 0; i < content.length; i++) {
                int channel = i / (side * side);
                int row = i / side % side;
                int column = i % side;
                int pixel = (top + row) * windows.width() + left + column;
                int source = layout == Layout.NCHW
                        ? channel * windows.height() * windows.width() + pixel
                        : pixel * channels + channel;
                content[i] = covers(row, column, side) ? cover[source] : picture[source];
            }
            changes.add(new Change(top, left, Tensor.floats(content, channels, side, side)));
        }
        return changes;
    }

    private boolean covers(int row, int column, int side) {
        double down = row + 0.5 - side / 2.0;
        double across = column + 0.5 - side / 2.0;
        return shape == Shape.SQUARE || down * down + across * across <= side * side / 4.0;
    }
}
