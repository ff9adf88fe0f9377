package dev.jwkscache.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.JacksonAnnotationIntrospector;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.yaml.snakeyaml.Yaml;

/** The manifests, read as Kubernetes' own types: an unknown field or a wrong type fails. No cluster is asked. */
class KubernetesIT {
    private static final Map<String, Class<? extends HasMetadata>> KINDS = Map.of(
            "v1 Pod", Pod.class,
            "v1 ConfigMap", ConfigMap.class,
            "v1 Service", Service.class,
            "apps/v1 Deployment", Deployment.class,
            "policy/v1 PodDisruptionBudget", PodDisruptionBudget.class,
            "networking.k8s.io/v1 NetworkPolicy", NetworkPolicy.class);

    private static final ObjectMapper STRICT = new ObjectMapper()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .setAnnotationIntrospector(new JacksonAnnotationIntrospector() {
                private static final long serialVersionUID = 1;

                /** The types take in every field that they do not know; that would hide a misspelt one. */
                @Override
                public Boolean hasAnySetter(com.fasterxml.jackson.databind.introspect.Annotated member) {
                    return member instanceof AnnotatedMember ? Boolean.FALSE : super.hasAnySetter(member);
                }
            });

    static Stream<PodSpec> pods() throws IOException {
        return Stream.of(
                only(Pod.class, "sidecar.yaml").getSpec(),
                only(Deployment.class, "service.yaml").getSpec().getTemplate().getSpec());
    }

    @Test
    void eachFileHoldsWhatItSays() throws IOException {
        assertThat(read("sidecar.yaml")).extracting(HasMetadata::getKind).containsExactly("Pod");
        assertThat(read("service.yaml"))
                .extracting(HasMetadata::getKind)
                .containsExactly("ConfigMap", "Deployment", "Service", "PodDisruptionBudget", "NetworkPolicy");
    }

    @ParameterizedTest
    @MethodSource("pods")
    void thePodIsLockedDown(PodSpec pod) {
        assertThat(pod.getAutomountServiceAccountToken()).isFalse();
        assertThat(pod.getEnableServiceLinks())
                .as("else a Service could set JWKS_CACHE_PORT")
                .isFalse();
        assertThat(pod.getSecurityContext().getRunAsNonRoot()).isTrue();
        assertThat(pod.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
        for (Container container : containers(pod)) {
            assertThat(container.getImage()).doesNotEndWith(":latest").contains(":");
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
        }
    }

    @ParameterizedTest
    @MethodSource("pods")
    void theUserIsThatOfTheImage(PodSpec pod) throws IOException {
        String user = ContainerIT.rest("USER").split(":")[0];
        assertThat(pod.getSecurityContext().getRunAsUser()).hasToString(user);
        assertThat(pod.getSecurityContext().getFsGroup())
                .as("may write the volume")
                .hasToString(user);
        assertThat(cache(pod).getVolumeMounts())
                .as("the state folder of the image")
                .extracting(VolumeMount::getMountPath)
                .contains("/var/lib/jwks-cache");
        assertThat(ContainerIT.rest("ENV")).contains("JWKS_CACHE_STATE_FOLDER=/var/lib/jwks-cache");
    }

    @ParameterizedTest
    @MethodSource("pods")
    void probesAskTheManagementServer(PodSpec pod) {
        Container cache = cache(pod);
        assertThat(cache.getPorts())
                .filteredOn(port -> port.getName().equals("management"))
                .singleElement()
                .extracting(ContainerPort::getContainerPort)
                .isEqualTo(9090);
        assertThat(path(cache.getLivenessProbe()))
                .as("a provider that is away is no reason to restart")
                .isEqualTo("/health/live");
        assertThat(path(cache.getReadinessProbe())).isEqualTo("/health/ready");
        assertThat(path(cache.getStartupProbe())).startsWith("/health/");
    }

    @ParameterizedTest
    @MethodSource("pods")
    void memoryIsBoundedAboveWhatItNeeds(PodSpec pod) {
        var resources = cache(pod).getResources();
        assertThat(Quantity.getAmountInBytes(resources.getRequests().get("memory"))
                        .longValueExact())
                .isEqualTo(96L << 20);
        assertThat(Quantity.getAmountInBytes(resources.getLimits().get("memory"))
                        .longValueExact())
                .isGreaterThan(96L << 20);
    }

    @ParameterizedTest
    @MethodSource("pods")
    void everyVolumeThatIsMountedIsThere(PodSpec pod) {
        assertThat(pod.getVolumes())
                .extracting("name")
                .containsAll(cache(pod).getVolumeMounts().stream()
                        .map(VolumeMount::getName)
                        .toList());
    }

    @Test
    void theSidecarServesItsPodOnly() throws IOException {
        PodSpec pod = only(Pod.class, "sidecar.yaml").getSpec();
        Container cache = cache(pod);
        assertThat(pod.getInitContainers()).contains(cache);
        assertThat(cache.getRestartPolicy()).isEqualTo("Always");
        assertThat(cache.getEnv())
                .extracting(EnvVar::getName, EnvVar::getValue)
                .contains(
                        org.assertj.core.api.Assertions.tuple("JWKS_CACHE_HOST", "127.0.0.1"),
                        org.assertj.core.api.Assertions.tuple("JWKS_CACHE_MANAGEMENT_HOST", "0.0.0.0"),
                        org.assertj.core.api.Assertions.tuple(
                                "JWKS_CACHE_MANAGEMENT_TOKEN_FILE", "/run/secrets/jwks-cache/token"));
        assertThat(cache.getPorts()).extracting(ContainerPort::getName).containsExactly("management");
        assertThat(pod.getContainers().get(0).getEnv())
                .extracting(EnvVar::getValue)
                .containsExactly("http://127.0.0.1:8090/main/jwks.json");
    }

    @Test
    void theServiceLeadsToKeysAndNeverToManagement() throws IOException {
        Deployment deployment = only(Deployment.class, "service.yaml");
        Map<String, String> labels =
                deployment.getSpec().getTemplate().getMetadata().getLabels();
        Service service = only(Service.class, "service.yaml");
        assertThat(deployment.getSpec().getReplicas()).isEqualTo(2);
        assertThat(deployment.getSpec().getSelector().getMatchLabels()).isEqualTo(labels);
        assertThat(service.getSpec().getSelector()).isEqualTo(labels);
        assertThat(service.getSpec().getPorts())
                .singleElement()
                .satisfies(port -> assertThat(port.getTargetPort().getStrVal()).isEqualTo("keys"));
        assertThat(service.getMetadata().getName())
                .as("service links of other pods would set JWKS_CACHE_PORT")
                .isNotEqualTo("jwks-cache");
        assertThat(cache(deployment.getSpec().getTemplate().getSpec()).getPorts())
                .extracting(ContainerPort::getContainerPort)
                .containsExactly(8090, 9090);
        assertThat(only(PodDisruptionBudget.class, "service.yaml")
                        .getSpec()
                        .getSelector()
                        .getMatchLabels())
                .isEqualTo(labels);
        NetworkPolicy policy = only(NetworkPolicy.class, "service.yaml");
        assertThat(policy.getSpec().getPodSelector().getMatchLabels()).isEqualTo(labels);
        assertThat(policy.getSpec().getIngress())
                .filteredOn(rule -> rule.getPorts().get(0).getPort().getStrVal().equals("management"))
                .singleElement()
                .satisfies(rule -> assertThat(rule.getFrom()).isNotEmpty());
    }

    /** The limits of time that Kubernetes has must hold those that the sidecar has. */
    @ParameterizedTest
    @MethodSource("pods")
    void thereIsTimeToDrain(PodSpec pod) {
        var lifecycle = cache(pod).getLifecycle();
        long sleep = lifecycle == null ? 0 : lifecycle.getPreStop().getSleep().getSeconds();
        assertThat(pod.getTerminationGracePeriodSeconds()).isGreaterThan(sleep + 5 + 10);
    }

    private static String path(Probe probe) {
        assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("management");
        return probe.getHttpGet().getPath();
    }

    private static List<Container> containers(PodSpec pod) {
        List<Container> all = new ArrayList<>(pod.getInitContainers());
        all.addAll(pod.getContainers());
        return all;
    }

    private static Container cache(PodSpec pod) {
        return containers(pod).stream()
                .filter(container -> container.getName().equals("jwks-cache"))
                .findAny()
                .orElseThrow();
    }

    private static <T> T only(Class<T> type, String file) throws IOException {
        return read(file).stream()
                .filter(type::isInstance)
                .map(type::cast)
                .findAny()
                .orElseThrow(() -> new AssertionError("no " + type.getSimpleName() + " in " + file));
    }

    private static List<HasMetadata> read(String file) throws IOException {
        List<HasMetadata> all = new ArrayList<>();
        String text = Files.readString(Built.FOLDER.resolve("kubernetes").resolve(file));
        for (Object document : new Yaml().loadAll(text)) {
            Map<?, ?> members = (Map<?, ?>) document;
            Class<? extends HasMetadata> type = KINDS.get(members.get("apiVersion") + " " + members.get("kind"));
            assertThat(type)
                    .as("a kind that is checked: %s", members.get("kind"))
                    .isNotNull();
            all.add(STRICT.convertValue(document, type));
        }
        return all;
    }
}
