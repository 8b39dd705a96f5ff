package dev.vitrine.app.model;

import dev.vitrine.app.terminal.Stop;
import dev.vitrine.engine.runtime.OnnxRuntimeRunner;
import dev.vitrine.engine.runtime.Runner;
import dev.vitrine.lens.model.Model;
import dev.vitrine.lens.model.ModelLoader;
import dev.vitrine.lens.session.ModelSession;
import dev.vitrine.study.growth.Checkpoint;
import java.nio.file.Path;

/** A model in use, with everything opened on it. */
public final class OpenModel implements Checkpoint.Open {
    private final Model model;
    private final Runner runner;
    private final ModelSession session;

    OpenModel(Model model, Runner runner) {
        this.model = model;
        this.runner = runner;
        this.session = new ModelSession(model, runner);
    }

    /** A bundled network. */
    public static OpenModel embedded(String name, Stop stop) {
        OnnxRuntimeRunner runner = new OnnxRuntimeRunner();
        stop.onRequest(runner::cancel);
        return new OpenModel(stop.atOnce(() -> new ModelLoader(runner).load(Path.of(name))), runner);
    }

    public Model model() {
        return model;
    }

    public Runner runner() {
        return runner;
    }

    @Override
    public ModelSession session() {
        return session;
    }

    @Override
    public void close() {
        session.close();
        runner.close();
    }
}
