package dev.vitrine.engine.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxTensorLike;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import dev.vitrine.engine.VitrineException;
import dev.vitrine.engine.graph.Graph;
import dev.vitrine.engine.graph.GraphTransform;
import dev.vitrine.engine.graph.Value;
import dev.vitrine.engine.onnx.OnnxWriter;
import dev.vitrine.engine.rewrite.lowering.BlockedLayout;
import dev.vitrine.engine.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CancellationException;

/**
 * Runs graphs with ONNX Runtime. All sessions of the process share one pool with one thread per core, to avoid
 * competing pools, unless the program initialized the runtime itself before; weights are passed without a copy.
 */
public final class OnnxRuntimeRunner implements Runner {
    /** Constants of at least this size go to the runtime beside the serialized graph rather than inside it. */
    private static final long SHARED_BYTES = 1024;

    private static final OrtSession.SessionOptions.OptLevel ALL = OrtSession.SessionOptions.OptLevel.ALL_OPT;

    /** Where a run computes. */
    enum Threads {
        /** On the shared pool. */
        SHARED,
        /** On the calling thread. */
        CALLER
    }

    private final Device device;
    private final GraphTransform forms;
    private final OptionalInt threads;
    private final Set<OrtSession.RunOptions> running = new HashSet<>();
    private boolean cancelled;

    public OnnxRuntimeRunner() {
        this(Device.CPU);
    }

    public OnnxRuntimeRunner(Device device) {
        this(device, device.forms(), OptionalInt.empty());
    }

    private OnnxRuntimeRunner(Device device, GraphTransform forms, OptionalInt threads) {
        this.device = device;
        this.forms = forms;
        this.threads = threads;
    }

    /** A CPU runner whose graphs have the given number of threads each, in place of the shared pool. */
    public static OnnxRuntimeRunner withThreads(int count) {
        return new OnnxRuntimeRunner(Device.CPU, Device.CPU.forms(), OptionalInt.of(count));
    }

    /** A CPU runner that runs graphs unchanged, as on devices without special forms. */
    public static OnnxRuntimeRunner plain() {
        return new OnnxRuntimeRunner(Device.CPU, graph -> graph, OptionalInt.empty());
    }

    /** The thread pool of this process's sessions. */
    private enum Pool {
        /** One for all sessions. */
        COMMON,
        /** One per session, since other code of the process initialized the runtime first, without a shared pool. */
        EACH
    }

    private record Environment(OrtEnvironment runtime, Pool pool) {}

    private static final class EnvironmentHolder {
        static final Environment ENVIRONMENT = open();

        private static Environment open() {
            try (OrtEnvironment.ThreadingOptions threads = new OrtEnvironment.ThreadingOptions()) {
                threads.setGlobalIntraOpNumThreads(
                        java.lang.Runtime.getRuntime().availableProcessors());
                threads.setGlobalInterOpNumThreads(1);
                return new Environment(
                        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR, "vitrine", threads),
                        Pool.COMMON);
            } catch (IllegalStateException openAlready) {
                return new Environment(OrtEnvironment.getEnvironment(), Pool.EACH);
            } catch (OrtException e) {
                throw VitrineException.failure("ONNX Runtime does not start: " + e.getMessage(), e);
            }
        }
    }

    static OrtEnvironment environment() {
        return EnvironmentHolder.ENVIRONMENT.runtime();
    }

    @Override
    public Executable load(Graph graph) {
        requireNotCancelled();
        return new Session(graph, open(lowered(graph), ALL, Threads.SHARED, Optional.empty()));
    }

    @Override
    public Executable loadForOneThread(Graph graph) {
        requireNotCancelled();
        return new Session(graph, open(lowered(graph), ALL, Threads.CALLER, Optional.empty()));
    }

    /**
     * An equivalent graph that runs faster: in the device's forms, constant parts computed now, the rest in the blocked
     * layout.
     */
    private Graph lowered(Graph plain) {
        Graph graph = forms.apply(plain);
        boolean constants = ConstantPart.concerns(graph);
        boolean blocks = device == Device.CPU && BlockedLayout.concerns(graph);
        if (!constants && !blocks) {
            return graph;
        }
        Graph typed = TypeInference.infer(graph);
        Graph varying = constants ? ConstantPart.computed(typed, this::computed) : typed;
        return blocks ? new BlockedLayout(channelBlock()).apply(varying) : varying;
    }

    private Map<Value, Tensor> computed(Graph constant) {
        // Optimizing this graph would mean computing its constants twice.
        OrtSession.SessionOptions.OptLevel none = OrtSession.SessionOptions.OptLevel.NO_OPT;
        try (Executable executable = new Session(constant, open(constant, none, Threads.SHARED, Optional.empty()))) {
            return executable.run(Map.of());
        }
    }

    @Override
    public Device device() {
        return device;
    }

    @Override
    public int channelBlock() {
        return device == Device.CPU ? BlockHolder.BLOCK : 1;
    }

    private static final class BlockHolder {
        static final int BLOCK = ChannelBlock.measure(new OnnxRuntimeRunner());
    }

    /**
     * Cancels the runs of this runner's graphs, each with a {@link CancellationException}; no new run starts. The
     * process can then exit without an active run, in which the runtime would crash.
     */
    public synchronized void cancel() {
        cancelled = true;
        try {
            for (OrtSession.RunOptions run : running) {
                run.setTerminate(true);
            }
        } catch (OrtException e) {
            throw VitrineException.failure("ONNX Runtime cannot cancel a run: " + e.getMessage(), e);
        }
    }

    private synchronized void requireNotCancelled() {
        if (cancelled) {
            throw new CancellationException("cancelled");
        }
    }

    private synchronized OrtSession.RunOptions begin() throws OrtException {
        requireNotCancelled();
        OrtSession.RunOptions options = new OrtSession.RunOptions();
        running.add(options);
        return options;
    }

    private synchronized void end(OrtSession.RunOptions options) {
        running.remove(options);
        options.close();
    }

    /** As {@link #load}, writing a trace of every node's time to a file with this prefix when it is closed. */
    public Executable loadProfiled(Graph graph, String prefix) {
        return new Session(graph, open(lowered(graph), ALL, Threads.SHARED, Optional.of(prefix)));
    }

    /** An open session with the tensors whose memory it shares. */
    record Opened(OrtSession session, List<OnnxTensor> shared) implements AutoCloseable {
        @Override
        public void close() {
            try {
                session.close();
            } catch (OrtException e) {
                throw VitrineException.failure("ONNX Runtime cannot close a session: " + e.getMessage(), e);
            } finally {
                shared.forEach(OnnxTensor::close);
            }
        }
    }

    Opened open(Graph named, OrtSession.SessionOptions.OptLevel level, Threads run, Optional<String> profile) {
        Graph graph = NativeNames.applied(named);
        SharedWeights weights = device == Device.CPU ? SharedWeights.of(graph) : SharedWeights.none();
        try {
            return open(graph, level, run, profile, weights);
        } catch (OrtException e) {
            if (weights.direct().isEmpty()) {
                throw RuntimeErrors.loading(e, device);
            }
        }
        // An optimizer needed the values of a weight passed without them.
        try {
            return open(graph, level, run, profile, SharedWeights.none());
        } catch (OrtException e) {
            throw RuntimeErrors.loading(e, device);
        }
    }

    private Opened open(
            Graph graph,
            OrtSession.SessionOptions.OptLevel level,
            Threads run,
            Optional<String> profile,
            SharedWeights weights)
            throws OrtException {
        List<OnnxTensor> read = new ArrayList<>();
        List<OnnxTensor> copied = new ArrayList<>();
        boolean done = false;
        try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
            // The runtime would otherwise move rounding, and compute values with a single reader in integers.
            options.addConfigEntry("session.disable_quant_qdq", "1");
            OnnxWriter.Skeleton skeleton = OnnxWriter.skeleton(graph, SHARED_BYTES);
            if (run == Threads.CALLER) {
                options.setIntraOpNumThreads(1);
            } else if (threads.isPresent()) {
                options.setIntraOpNumThreads(threads.getAsInt());
            } else if (EnvironmentHolder.ENVIRONMENT.pool() == Pool.COMMON) {
                options.disablePerSessionThreads();
            }
            options.setOptimizationLevel(level);
            options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR);
            if (profile.isPresent()) {
                options.enableProfiling(profile.get());
            }
            if (device == Device.CUDA) {
                addCuda(options);
            }
            if (weights.packing() == SharedWeights.Packing.OFF) {
                options.addConfigEntry("session.disable_prepacking", "1");
            }
            if (!weights.direct().isEmpty()) {
                options.addConfigEntry(
                        "session.model_external_initializers_file_folder_path",
                        SharedWeights.folder().toString());
            }
            Map<String, OnnxTensorLike> initializers = new HashMap<>();
            for (Map.Entry<String, Tensor> entry : skeleton.constants().entrySet()) {
                OnnxTensor tensor = NativeTensors.share(environment(), entry.getValue());
                if (weights.direct().contains(entry.getKey())) {
                    read.add(tensor);
                    options.addInitializer(entry.getKey(), tensor);
                } else {
                    copied.add(tensor);
                    initializers.put(entry.getKey(), tensor);
                }
            }
            if (!initializers.isEmpty()) {
                options.addExternalInitializers(initializers);
            }
            Opened opened = new Opened(environment().createSession(skeleton.model(), options), read);
            done = true;
            return opened;
        } finally {
            // The session has its own copy by now.
            copied.forEach(OnnxTensor::close);
            if (!done) {
                read.forEach(OnnxTensor::close);
            }
        }
    }

    /** In full float32: masks of backward rules use small differences, which TF32 would round to zero. */
    private static void addCuda(OrtSession.SessionOptions options) throws OrtException {
        try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions()) {
            cuda.add("use_tf32", "0");
            options.addCUDA(cuda);
        }
    }

    @Override
    public void close() {
        // The environment belongs to the process; each session has its own owner.
    }

    private final class Session implements Executable {
        private final Graph graph;
        private final Opened opened;

        Session(Graph graph, Opened opened) {
            // Without its constants: most are copied into the session and need not be retained.
            this.graph = new Graph(graph.inputs(), graph.outputs(), List.of(), Map.of(), graph.types(), graph.opsets());
            this.opened = opened;
        }

        @Override
        public Map<Value, Tensor> run(Map<Value, Tensor> inputs) {
            return run(inputs, graph.outputs());
        }

        @Override
        public Map<Value, Tensor> run(Map<Value, Tensor> inputs, List<Value> outputs) {
            InputCheck.check(graph, inputs);
            Map<Value, Tensor> targets = new HashMap<>();
            List<Value> rest = new ArrayList<>();
            for (Value output : outputs) {
                Optional<Tensor> target = InputCheck.resolve(graph, output, inputs);
                if (target.isPresent()) {
                    targets.put(output, target.get());
                } else {
                    rest.add(output);
                }
            }
            return run(inputs, targets, rest);
        }

        @Override
        public void runInto(Map<Value, Tensor> inputs, Map<Value, Tensor> targets) {
            InputCheck.check(graph, inputs);
            targets.forEach((output, target) -> {
                if (!target.sharedBytes().isDirect()) {
                    throw new IllegalArgumentException("the target of '" + output + "' is on the heap");
                }
            });
            run(inputs, targets, List.of());
        }

        /** The targets, filled, and what the runtime allocated for the rest. */
        private Map<Value, Tensor> run(Map<Value, Tensor> inputs, Map<Value, Tensor> targets, List<Value> rest) {
            Map<String, OnnxTensor> given = new HashMap<>();
            Map<String, OnnxTensor> pinned = new HashMap<>();
            Map<Value, Tensor> results = new HashMap<>(targets);
            try {
                for (Map.Entry<Value, Tensor> entry : inputs.entrySet()) {
                    given.put(
                            NativeNames.of(entry.getKey().name()),
                            NativeTensors.share(environment(), entry.getValue()));
                }
                for (Map.Entry<Value, Tensor> entry : targets.entrySet()) {
                    pinned.put(
                            NativeNames.of(entry.getKey().name()),
                            NativeTensors.share(environment(), entry.getValue()));
                }
                Set<String> requested = new LinkedHashSet<>();
                rest.forEach(output -> requested.add(NativeNames.of(output.name())));
                OrtSession.RunOptions options = begin();
                try (OrtSession.Result result = opened.session().run(given, requested, pinned, options)) {
                    for (Value output : rest) {
                        if (!(result.get(NativeNames.of(output.name())).orElseThrow() instanceof OnnxTensor tensor)) {
                            throw VitrineException.failure(
                                    "Output '" + output + "' is not a tensor but a sequence, a map or"
                                            + " omitted; expected a tensor. Export the model with tensors as outputs.");
                        }
                        results.put(output, NativeTensors.copy(tensor));
                    }
                } finally {
                    end(options);
                }
                return results;
            } catch (OrtException e) {
                requireNotCancelled();
                throw VitrineException.failure("ONNX Runtime cannot run the graph: " + e.getMessage(), e);
            } finally {
                given.values().forEach(OnnxTensor::close);
                pinned.values().forEach(OnnxTensor::close);
            }
        }

        @Override
        public void close() {
            opened.close();
        }
    }
}
