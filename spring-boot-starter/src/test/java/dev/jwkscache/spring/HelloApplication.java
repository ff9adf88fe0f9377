package dev.jwkscache.spring;

import java.security.Principal;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** A resource server as people write them: nothing in it knows of jwks-cache. */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration
@RestController
class HelloApplication {

    @GetMapping("/hello")
    String hello(Principal principal) {
        return "hello " + principal.getName();
    }
}
