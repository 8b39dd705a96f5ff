package dev.vitrine.lens.attribution;

import static org.assertj.core.api.Assertions.assertThat;

import dev.vitrine.engine.graph.Attributes;
import dev.vitrine.engine.graph.Dimension;
import dev.vitrine.engine.graph.GraphBuilder;
import dev.vitrine.engine.graph.TensorType;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.oracle.NDArray;
import dev.vitrine.engine.tensor.ElementType;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.gradient.Gradient;
import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A network that normalizes its pixels itself, in every form, against one that gets them normalized. */
class InputNormalizationTest {
    private static final Attributes NONE = Attributes.NONE;
    private static final List<Double> MEAN = List.of(123.675, 116.28, 103.53);
    private static final List<Double> DEVIATION = List.of(58.395, 57.12, 57.375);
    private static final int PLACES = 64;

    @TempDir
    Path folder;

    /** Ways to write (x − mean)/deviation. */
    enum Form {
        OUTSIDE,
        SUB_DIV,
        MUL_ADD,
        BATCH_NORMALIZATION,
        EACH_CHANNEL,
        DEPTHWISE,
        CONVOLUTION
    }

    private static float[] of(int channels, java.util.function.IntToDoubleFunction number) {
        float[] data = new float[channels];
        for (int c = 0; c < channels; c++) {
            data[c] = (float) number.applyAsDouble(c);
        }
        return data;
    }

    private static Value constant(GraphBuilder b, float[] data, long... shape) {
        return b.constant("c", Tensor.floats(data, shape));
    }

    private static Value normalized(GraphBuilder b, Value x, Form form) {
        float[] scale = of(3, c -> 1 / DEVIATION.get(c));
        float[] shift = of(3, c -> -MEAN.get(c) / DEVIATION.get(c));
        return switch (form) {
            case OUTSIDE -> x;
            case SUB_DIV ->
                b.node(
                        "Div",
                        b.node("Sub", x, constant(b, of(3, MEAN::get), 3, 1, 1)),
                        constant(b, of(3, DEVIATION::get), 1, 3, 1, 1));
            case MUL_ADD -> b.node("Add", b.node("Mul", x, constant(b, scale, 3, 1, 1)), constant(b, shift, 3, 1, 1));
            case BATCH_NORMALIZATION ->
                b.node(
                        "BatchNormalization",
                        NONE.with("epsilon", 0f),
                        x,
                        constant(b, of(3, c -> 1), 3),
                        constant(b, new float[3], 3),
                        constant(b, of(3, MEAN::get), 3),
                        constant(b, of(3, c -> DEVIATION.get(c) * DEVIATION.get(c)), 3));
            case EACH_CHANNEL -> {
                Value[] parts = new Value[3];
                for (int c = 0; c < 3; c++) {
                    Value one = b.node("Gather", NONE.with("axis", 1L), x, b.constant(Tensor.scalar((long) c)));
                    Value apart = b.node("Unsqueeze", one, b.vector(1));
                    Value scaled = b.node("Mul", apart, b.constant(scale[c]));
                    parts[c] = b.node("Add", scaled, b.constant(shift[c]));
                }
                yield b.node("Concat", NONE.with("axis", 1L), parts);
            }
            case DEPTHWISE ->
                b.node("Conv", NONE.with("group", 3L), x, constant(b, scale, 3, 1, 1, 1), constant(b, shift, 3));
            case CONVOLUTION ->
                b.node(
                        "Conv",
                        x,
                        constant(b, of(9, i -> i % 4 == 0 ? scale[i / 4] : 0), 3, 3, 1, 1),
                        constant(b, shift, 3));
        };
    }

    /** @param pads 0 or 1 around the first layer */
    private Model model(Form form, long pads) {
        GraphBuilder b = new GraphBuilder();
        Random random = new Random(5);
        Value image = b.input(
                "image", TensorType.of(ElementType.FLOAT32, 1, 3, 8, 8).withDimension(0, Dimension.named("batch")));
        Value x = b.node(
                "Conv",
                NONE.with("pads", pads, pads, pads, pads),
                normalized(b, image, form),
                b.constant("w", NDArray.normal(random, 4, 3, 3, 3).toTensor()),
                b.constant("b", NDArray.normal(random, 4).toTensor()));
        x = b.node("Flatten", b.node("GlobalAveragePool", b.node("Relu", x)));
        Value logits = b.node(
                "Gemm",
                x,
                b.constant("h", NDArray.normal(random, 4, 3).toTensor()),
                b.constant("a", NDArray.normal(random, 3).toTensor()));
        Path file = folder.resolve(form + "-" + pads + ".onnx");
        OnnxWriter.write(b.output(logits).build(), file);
        Normalization normalization =
                form == Form.OUTSIDE ? new Normalization(0, 255, MEAN, DEVIATION) : Normalization.range(0, 255, 3);
        return new ModelLoader(Nets.RUNNER)
                .load(
                        file,
                        card -> card.withPreprocessing(new Preprocessing(
                                8, 8, Fit.SQUASH, Resampling.BILINEAR, ChannelOrder.RGB, Layout.NCHW, normalization)));
    }

    private static double[] explain(Model model, Attribution method, float[] pixels) {
        try (ModelSession session = new ModelSession(model, Nets.RUNNER)) {
            return Nets.doubles(session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT))
                    .explain(Tensor.floats(pixels, 1, 3, 8, 8), ModelSession.targets(1), Progress.NONE)
                    .attribution());
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OUTSIDE")
    void theMapsAreThoseOfNormalizedPixels(Form form) throws IOException {
        Random random = new Random(6);
        float[] pixels = of(3 * PLACES, i -> random.nextInt(256));
        float[] before = of(3 * PLACES, i -> (pixels[i] - MEAN.get(i / PLACES)) / DEVIATION.get(i / PLACES));
        for (long pads = 0; pads < 2; pads++) {
            Model outside = model(Form.OUTSIDE, pads);
            Model inside = model(form, pads);
            for (Attribution method : ExportFormsTest.methods()) {
                double[] found = explain(inside, method, pixels);
                for (int i = 0; i < found.length && method instanceof Gradient; i++) {
                    found[i] *= DEVIATION.get(i / PLACES);
                }
                assertThat(Nets.relativeError(found, explain(outside, method, before)))
                        .as("%s, %s, padding %d", form, method, pads)
                        .isLessThan(2e-4);
            }
        }
    }
}
