package dev.vitrine.lens;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.vitrine.engine.oracle.NeedsShared;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.engine.tensor.Tensor;
import dev.vitrine.lens.attribution.Attribution;
import dev.vitrine.lens.attribution.Explainer;
import dev.vitrine.lens.attribution.Explanation;
import dev.vitrine.lens.attribution.Progress;
import dev.vitrine.lens.data.PictureReader;
import dev.vitrine.lens.method.Attributions;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.objective.ClassScore;
import dev.vitrine.lens.session.ModelSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The README's example compiles, runs, and stands there as it stands here. */
class ReadmeExampleTest {
    private static final String BEGIN = "// begin of the README's example\n";
    private static final String END = "// end of the README's example\n";

    private static Explanation explain(Path modelFile, Path photo) {
        // begin of the README's example
        try (Runner runner = new OnnxRuntimeRunner();
                ModelSession session = new ModelSession(new ModelLoader(runner).load(modelFile), runner)) {
            Model model = session.model();
            Tensor image = model.preprocessing().apply(PictureReader.read(photo));
            Tensor target = ModelSession.targets(model.labels().find("Egyptian cat"));
            Attribution method = Attributions.find("grad-cam").standard();
            Explainer explainer = session.explainer(method, ClassScore.of(ClassScore.Scale.LOGIT));
            return explainer.explain(image, target, Progress.NONE);
        }
        // end of the README's example
    }

    @NeedsShared
    @Test
    void theExampleRuns() {
        Path shared = Path.of(System.getProperty("vitrine.shared"));
        Path model = shared.resolve("models/tiny-darknet.onnx");
        assumeThat(model).as("no shared models").isRegularFile();
        Explanation explanation = explain(model, shared.resolve("data/photos/chelsea.png"));
        assertThat(explanation.attribution().shape()).containsExactly(1, 1, 14, 14);
        float[] heat = explanation.attribution().toFloats();
        assertThat(IntStream.range(0, heat.length).mapToDouble(i -> heat[i]).sum())
                .isPositive();
    }

    @Test
    void theReadmeShowsTheExample() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/vitrine/lens/ReadmeExampleTest.java"));
        int begin = source.lastIndexOf(BEGIN);
        int end = source.lastIndexOf(END);
        String example =
                source.substring(begin + BEGIN.length(), end).stripIndent().strip();
        assertThat(example).startsWith("try (Runner runner").endsWith("}");
        assertThat(Files.readString(Path.of("..", "README.md"))).contains(example);
    }
}
