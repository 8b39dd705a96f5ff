package dev.vitrine.lens.perturbation;

import dev.vitrine.engine.gradient.BackwardRules;
import dev.vitrine.engine.gradient.Differentiator;
import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.rewrite.Cut;
import dev.vitrine.engine.rewrite.Mirror;
import dev.vitrine.engine.rewrite.simplification.SplitConvolution;
import dev.vitrine.engine.runtime.Executable;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Backward;
import dev.vitrine.lens.attribution.Baseline;
import dev.vitrine.lens.attribution.BaselineAttribution;
import dev.vitrine.lens.attribution.EachPicture;
import dev.vitrine.lens.attribution.Enlargement;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.PictureAttribution;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.Objective;
import dev.vitrine.lens.session.GraphKey;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.lens.setting.Setting;
import dev.vitrine.lens.setting.Settings;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.IntStream;

/**
 * argmax_m score(m ⊙ x + (1 − m) ⊙ x₀) over smooth masks m whose sorted values match those of a mask of the given area.
 * Fong, Patrick and Vedaldi 2019, arXiv:1910.08485.
 *
 * @param area share of the picture that the mask keeps
 * @param iterations steps of gradient ascent
 */
public record ExtremalPerturbation(
        @Setting(label = "SHARE", above = 0, below = 1, meaning = "fraction of the picture to keep")
        double area,

        @Setting(least = 1, meaning = "number of optimization steps")
        int iterations,

        @Setting(label = "WHAT", meaning = "fill outside the kept region")
        Baseline baseline)
        implements PictureAttribution, BaselineAttribution {
    private static final double AREA = 0.1;
    private static final int ITERATIONS = 200;

    /** Cells of the mask along the longer side. */
    private static final int CELLS = 32;

    /** Step of Adam, Kingma and Ba 2014, arXiv:1412.6980, and its two memories. */
    private static final double RATE = 0.02;

    private static final double MOMENTUM = 0.9;
    private static final double SQUARE_MOMENTUM = 0.999;

    /**
     * Weight of the area constraint at the start and at the end, relative to the difference between the scores of
     * picture and baseline: first the network determines what matters, then the area how much is kept.
     */
    private static final double FIRST_WEIGHT = 0.5;

    private static final double LAST_WEIGHT = 100;

    public ExtremalPerturbation() {
        this(AREA, ITERATIONS, Baseline.BLUR);
    }

    public ExtremalPerturbation {
        Settings.require(ExtremalPerturbation.class, area, iterations, baseline);
    }

    @Override
    public Traits traits() {
        return new Traits("extremal-perturbation", Form.MAP, Reduction.SUM, Sign.POSITIVE);
    }

    @Override
    public long[] shape(Model model) {
        Preprocessing preprocessing = model.preprocessing();
        double longer = Math.max(preprocessing.height(), preprocessing.width());
        return new long[] {1, 1, cells(preprocessing.height(), longer), cells(preprocessing.width(), longer)};
    }

    private static long cells(int side, double longer) {
        return Math.max(1, Math.round(Math.min(CELLS, longer) * side / longer));
    }

    @Override
    public long evaluations(Model model) {
        return 3L * iterations;
    }

    /** The network under a mask, with its score and the gradient with respect to the mask. */
    private record MaskGraph(Graph graph, Value start, Value mask, Value score, Value gradient) {
        static MaskGraph of(Model model, Objective objective, long[] shape) {
            Backward backward = Backward.of(model, objective, List.of());
            GraphBuilder b = new GraphBuilder(backward.graph()).scope("masked");
            Value input = model.input();
            TensorType pictures = model.graph().types().get(input);
            Dimension batch = model.batch();
            Value start = b.input("start", pictures);
            TensorType masks = new TensorType(
                    ElementType.FLOAT32,
                    List.of(batch, Dimension.of(1), Dimension.of(shape[2]), Dimension.of(shape[3])));
            Value mask = b.input("mask", masks);
            int height = model.preprocessing().height();
            int width = model.preprocessing().width();
            Value enlarged = Enlargement.bilinear(b, mask, height, width);
            b.declare(
                    enlarged,
                    new TensorType(
                            ElementType.FLOAT32,
                            List.of(batch, Dimension.of(1), Dimension.of(height), Dimension.of(width))));
            if (model.preprocessing().layout() == Layout.NHWC) {
                enlarged = b.node("Transpose", Attributes.NONE.with("perm", 0, 2, 3, 1), enlarged);
                b.declare(enlarged, pictures.withDimension(3, Dimension.of(1)));
            }
            Value difference = b.node("Sub", input, start);
            b.declare(difference, pictures);
            Value product = b.node("Mul", enlarged, difference);
            b.declare(product, pictures);
            Value shown = b.node("Add", product, start);
            b.declare(shown, pictures);
            Map<Value, Value> copies = Mirror.append(b, backward.graph().nodes(), Map.of(input, shown), batch, batch);
            Value score = copies.get(backward.objective().score());
            Differentiator.Result result =
                    new Differentiator(BackwardRules.PLAIN).gradient(b.build(), score, List.of(mask));
            GraphBuilder end = new GraphBuilder(result.graph()).scope("masked");
            end.declare(result.of(mask), masks);
            Value gradient = end.outputAs(result.of(mask), end.fresh("gradient"));
            Graph graph = new Cut(List.of(score, gradient))
                    .then(new SplitConvolution())
                    .apply(end.build());
            return new MaskGraph(graph, start, mask, score, gradient);
        }
    }

    /** What the graph depends on, apart from the objective. */
    private record Part(List<Long> shape) implements GraphKey {}

    @Override
    public Explainer on(ModelSession session, Objective objective) {
        long[] shape = shape(session.model());
        MaskGraph graph = MaskGraph.of(session.model(), objective, shape);
        return new EachPicture(session, objective, (subject, progress) -> {
            Tensor start = BaselineAttribution.of(session, baseline, subject.image());
            Executable executable = session.executable(
                    new Part(Arrays.stream(shape).boxed().toList()),
                    objective,
                    List.of(session.model().batch()),
                    1,
                    graph::graph);
            Map<Value, Tensor> inputs = new HashMap<>();
            inputs.put(session.model().input(), session.filled(subject.image()));
            inputs.put(graph.start(), session.filled(start));
            if (objective.takesTarget()) {
                inputs.put(new Value(Objective.TARGET), session.filled(subject.target()));
            }
            Ask ask = mask -> {
                float[] values = new float[mask.length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = (float) mask[i];
                }
                inputs.put(graph.mask(), session.filled(Tensor.floats(values, shape)));
                Map<Value, Tensor> results = executable.run(inputs);
                double[] gradient = new double[mask.length];
                for (int i = 0; i < gradient.length; i++) {
                    gradient[i] = results.get(graph.gradient()).floats().get(i);
                }
                return new Answer(results.get(graph.score()).floats().get(0), gradient);
            };
            return search(ask, shape, subject.score(), progress);
        });
    }

    private record Answer(double score, double[] gradient) {}

    /** The score under a mask and its gradient, in one run. */
    private interface Ask {
        Answer at(double[] mask);
    }

    private EachPicture.Said search(Ask ask, long[] shape, double whole, Progress progress) {
        SmoothMask smooth = new SmoothMask((int) shape[2], (int) shape[3]);
        int cells = (int) (shape[2] * shape[3]);
        int places = smooth.places();
        double bare = ask.at(new double[cells]).score();
        double unit = 1 / Math.max(1e-12, Math.abs(whole - bare));
        double[] free = new double[cells];
        Arrays.fill(free, 1);
        double[] speed = new double[cells];
        double[] squares = new double[cells];
        int dropped = places - (int) Math.round(cells * area);
        for (int iteration = 1; iteration <= iterations; iteration++) {
            SmoothMask.Made made = smooth.of(free);
            double[] slope;
            try {
                slope = ask.at(made.seen()).gradient();
            } catch (CancellationException stopped) {
                if (iteration == 1) {
                    throw stopped;
                }
                return said(made.seen(), shape, "").after(iteration - 1, iterations, "steps");
            }
            double weight = FIRST_WEIGHT * Math.pow(LAST_WEIGHT / FIRST_WEIGHT, (double) iteration / iterations);
            double[] wanted = sorted(made.mask(), dropped);
            double[] pull = new double[places];
            for (int place = 0; place < places; place++) {
                pull[place] = -2 * weight / places * (made.mask()[place] - wanted[place]);
            }
            for (int cell = 0; cell < cells; cell++) {
                pull[smooth.place(cell)] += unit * slope[cell];
            }
            double[] up = made.back(pull);
            for (int cell = 0; cell < cells; cell++) {
                speed[cell] = MOMENTUM * speed[cell] + (1 - MOMENTUM) * up[cell];
                squares[cell] = SQUARE_MOMENTUM * squares[cell] + (1 - SQUARE_MOMENTUM) * up[cell] * up[cell];
                double mean = speed[cell] / (1 - Math.pow(MOMENTUM, iteration));
                double size = Math.sqrt(squares[cell] / (1 - Math.pow(SQUARE_MOMENTUM, iteration)));
                double step = size > 0 ? RATE * mean / size : 0;
                free[cell] = Math.max(0, Math.min(1, free[cell] + step));
            }
            progress.report(iteration, iterations);
        }
        double[] mask = smooth.of(free).seen();
        String scores = String.format(
                Locale.ROOT,
                " keeps the score %.4g; the whole picture has %.4g, the baseline alone %.4g",
                ask.at(mask).score(),
                whole,
                bare);
        return said(mask, shape, scores);
    }

    private static EachPicture.Said said(double[] mask, long[] shape, String scores) {
        float[] map = new float[mask.length];
        double sum = 0;
        for (int cell = 0; cell < map.length; cell++) {
            map[cell] = (float) mask[cell];
            sum += mask[cell];
        }
        String share = String.format(Locale.ROOT, "a mask that keeps %.1f %% of the picture", 100 * sum / map.length);
        return new EachPicture.Said(Tensor.floats(map, shape), List.of(share + scores));
    }

    /** The target of each cell: 0 for the {@code dropped} lowest ones, 1 for the others. */
    private static double[] sorted(double[] mask, int dropped) {
        int[] order = IntStream.range(0, mask.length)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer cell) -> mask[cell]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] wanted = new double[mask.length];
        for (int rank = dropped; rank < order.length; rank++) {
            wanted[order[rank]] = 1;
        }
        return wanted;
    }
}
